package io.kq.system.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads a history from its first to its last line; never holds more than one. */
public final class HistoryReader implements AutoCloseable {

    private final Path file;
    private final BufferedReader lines;
    private int number;

    public HistoryReader(Path file) throws IOException {
        this.file = file;
        lines = Files.newBufferedReader(file, UTF_8);
    }

    /**
     * The next event; null at the end.
     *
     * @throws IllegalArgumentException with the line's place, if it is no event
     */
    public @Nullable Event next() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            return null;
        }
        number++;
        try {
            return EventText.read(line);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    file + ":" + number + " is no line of a history: " + e.getMessage(), e);
        }
    }

    /** Number of the line of the last event, from 1. */
    public int line() {
        return number;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
