package io.kq.broker.config;

import java.nio.file.Path;

/**
 * The node does not start, and a person has to do something about it. Printed as {@code error:
 * <what>. [REASON]} and {@code next: <what to do>}; never with a stack trace.
 */
public final class StartRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Exit code for a mistake in settings or arguments. */
    public static final int EXIT_USAGE = 2;

    /** Exit code for everything else that keeps a node from starting. */
    public static final int EXIT_FAILED = 1;

    private final int exitCode;
    private final String reason;
    private final String next;

    /**
     * A refusal.
     *
     * @param reason one word in capitals for scripts, for example {@code ADDRESS_IN_USE}
     * @param what what is wrong, a sentence without its full stop
     * @param next what to do about it
     */
    public StartRefusedException(int exitCode, String reason, String what, String next) {
        super(what, null, false, false);
        this.exitCode = exitCode;
        this.reason = reason;
        this.next = next;
    }

    /** A mistake in the settings. */
    public static StartRefusedException config(String reason, String what, String next) {
        return new StartRefusedException(EXIT_USAGE, reason, what, next);
    }

    /** Something in the world around is not as it must be. */
    public static StartRefusedException failed(String reason, String what, String next) {
        return new StartRefusedException(EXIT_FAILED, reason, what, next);
    }

    /** There is no room for what a start has to write. */
    public static StartRefusedException diskFull(Path directory, String message) {
        return failed(
                "DISK_FULL",
                "the disk of the data directory " + directory + " is full: " + message,
                "free space there, or set data.dirs to a directory on another disk");
    }

    public int exitCode() {
        return exitCode;
    }

    public String reason() {
        return reason;
    }

    public String next() {
        return next;
    }

    /** The two lines that a person sees. */
    public String forPeople() {
        return "error: " + getMessage() + ". [" + reason + "]\n  next: " + next;
    }
}
