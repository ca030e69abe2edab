package io.kq.cli.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.runtime.Clock;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * The three streams of the process, its environment, its clock. Standard output carries data and
 * nothing else, is buffered, and is always UTF-8; standard error is written at once. A reader that
 * went away ({@code | head}) shows as {@link OutputClosedException}. Writing is for one thread per
 * stream.
 */
public final class Terminal {

    private static final int OUT_BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final OutputStream err;
    private final Tty tty;
    private final Map<String, String> environment;
    private final Clock clock;
    private final Interrupts interrupts;

    /** Which of the streams a person sits at. */
    public record Tty(boolean in, boolean out, boolean err) {
        /** None: pipes and files. */
        public static final Tty NONE = new Tty(false, false, false);
    }

    /** Standard output was closed by its reader: nothing more is wanted. */
    public static final class OutputClosedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutputClosedException(IOException cause) {
            super("standard output is closed", cause);
        }
    }

    public Terminal(
            InputStream in,
            OutputStream out,
            OutputStream err,
            Tty tty,
            Map<String, String> environment,
            Clock clock,
            Interrupts interrupts) {
        this.in = in;
        this.out = new BufferedOutputStream(out, OUT_BUFFER_BYTES);
        this.err = err;
        this.tty = tty;
        this.environment = Map.copyOf(environment);
        this.clock = clock;
        this.interrupts = interrupts;
    }

    /** The process's own, with its signals. Once per process. */
    public static Terminal system() {
        return new Terminal(
                new FileInputStream(FileDescriptor.in),
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                new Tty(isTty(0), isTty(1), isTty(2)),
                System.getenv(),
                Clock.system(),
                new Interrupts(true));
    }

    /**
     * The JDK only tells whether input and output are both a terminal, and neither of error; Linux
     * tells of each.
     */
    private static boolean isTty(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/")
                    || target.startsWith("/dev/tty")
                    || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException | InvalidPathException e) {
            return hasConsole();
        }
    }

    /** Elsewhere: from JDK 22 on there is always a console, which tells nothing. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean hasConsole() {
        return Runtime.version().feature() < 22 && System.console() != null;
    }

    /** Standard input, unbuffered. */
    public InputStream in() {
        return in;
    }

    public Tty tty() {
        return tty;
    }

    public Map<String, String> environment() {
        return environment;
    }

    public Clock clock() {
        return clock;
    }

    public Interrupts interrupts() {
        return interrupts;
    }

    /** One line of data. */
    public void println(String line) {
        print(line);
        print("\n");
    }

    /** Data, as it is. */
    public void print(String text) {
        write(text.getBytes(UTF_8));
    }

    /** Data, as it is. */
    public void write(byte[] bytes) {
        try {
            out.write(bytes);
        } catch (IOException e) {
            throw outputFailed(e);
        }
    }

    /** Hands all data so far to the reader. */
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw outputFailed(e);
        }
    }

    /** One line to standard error. Any thread. If nobody reads it, nobody is told. */
    public void errorLine(String line) {
        errorText(line + "\n");
    }

    /** Text to standard error: a prompt, a line that is drawn over. Any thread. */
    public void errorText(String text) {
        try {
            synchronized (err) {
                err.write(text.getBytes(UTF_8));
                err.flush();
            }
        } catch (IOException e) {
            // Where would it be said?
        }
    }

    private static RuntimeException outputFailed(IOException e) {
        String message = String.valueOf(e.getMessage());
        boolean readerGone = message.contains("Broken pipe") || message.contains("Stream closed");
        return readerGone
                ? new OutputClosedException(e)
                : new UncheckedIOException("cannot write to standard output: " + message, e);
    }
}
