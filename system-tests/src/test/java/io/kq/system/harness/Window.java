package io.kq.system.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A command that runs, with somebody who watches it, types, and can press Ctrl-C. */
public final class Window implements AutoCloseable {

    private static final Duration END_BOUND = Duration.ofSeconds(90);

    private final String line;
    private final Process process;
    private final Path out;
    private final Path err;

    Window(String line, Process process, Path out, Path err) {
        this.line = line;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** Standard output so far; at a terminal, all that is shown, with {@code \r\n} as it came. */
    public String out() {
        return read(out);
    }

    /** Standard error so far; at a terminal, nothing. */
    public String err() {
        return read(err);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Text for its standard input, or keys at a terminal. */
    public void type(String text) {
        try {
            OutputStream in = process.getOutputStream();
            in.write(text.getBytes(UTF_8));
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    /** Nothing more will be typed. */
    public void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }

    /** SIGINT, as Ctrl-C at a terminal makes it. */
    public void interrupt() {
        try {
            int code =
                    new ProcessBuilder("kill", "-INT", Long.toString(process.pid()))
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new AssertionError(line + ": kill -INT ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits for its end, not for ever. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(END_BOUND.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError(
                        line + " does not end. It said:\n" + out() + "and:\n" + err());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Waits for its end and tells how it went. */
    public Ran awaitRan() {
        int exitCode = awaitEnd();
        return new Ran(line, exitCode, out(), err());
    }

    /** Kills it and what it started, if it still runs. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), UTF_8); // may end within a character
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
