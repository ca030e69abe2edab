package io.kq.system.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.runtime.Clock;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongFunction;

/**
 * Writes a history. Any thread: each event gets its time and its line under one lock, so that lines
 * never contradict times. An event that says what will be asked is written before it is asked.
 */
public final class HistoryWriter implements AutoCloseable {

    private final Clock clock;
    private final long beganNanos;
    private final OutputStream out;
    private final StringBuilder line = new StringBuilder(256);
    private boolean closed;

    public HistoryWriter(Path file, Clock clock) {
        this.clock = clock;
        beganNanos = clock.nanoTime();
        try {
            out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the event that is made of the time; after the end of the history nothing. */
    public synchronized void write(LongFunction<Event> event) {
        if (closed) {
            return;
        }
        line.setLength(0);
        EventText.write(event.apply(clock.nanoTime() - beganNanos), line);
        try {
            out.write(line.toString().getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
