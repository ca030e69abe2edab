package io.kq.cli.dev;

/**
 * A command of this package cannot be done; nothing was started or everything was stopped again.
 * Carries what the user reads and the exit code. No stack trace: it is an answer, not a fault.
 */
final class DevRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The operation failed. */
    static final int FAILED = 1;

    /** The command line does not make sense. */
    static final int USAGE = 2;

    /** Something that exists stands in the way. */
    static final int PRECONDITION = 4;

    private final int exitCode;
    private final String reason;
    private final String next;

    /**
     * @param reason a name for scripts, in capitals
     * @param next what the user can do now
     */
    DevRefusedException(int exitCode, String reason, String message, String next) {
        super(message, null, false, false);
        this.exitCode = exitCode;
        this.reason = reason;
        this.next = next;
    }

    int exitCode() {
        return exitCode;
    }

    /** The two lines for stderr. */
    String text() {
        return "error: " + getMessage() + " [" + reason + "]\n  next: " + next;
    }
}
