package io.kq.cli.shell;

import io.kq.protocol.ErrorCode;

/**
 * Exit codes of {@code kq}: a promise to scripts. 130 and 143 (SIGINT, SIGTERM) are the JVM's own
 * and never returned by a command.
 */
public final class ExitCode {

    public static final int OK = 0;

    /** The operation failed. */
    public static final int FAILED = 1;

    /** The command as typed can never work. */
    public static final int USAGE = 2;

    public static final int NOT_FOUND = 3;

    /** It exists already, or something else must be done first. */
    public static final int PRECONDITION = 4;

    /** No broker answered, or not in time: the outcome of a change may be unknown. */
    public static final int UNREACHABLE = 5;

    /** Who asks is not known, or may not. */
    public static final int AUTH = 6;

    /** A check ran and found something wrong. */
    public static final int UNHEALTHY = 10;

    private ExitCode() {}

    /** The exit code of a command that was refused for this reason. */
    public static int of(ErrorCode code) {
        return switch (code) {
            case UNREACHABLE, DEADLINE_EXCEEDED -> UNREACHABLE;
            default ->
                    switch (code.status()) {
                        case NOT_FOUND -> NOT_FOUND;
                        case ALREADY_EXISTS, FAILED_PRECONDITION -> PRECONDITION;
                        case DEADLINE_EXCEEDED -> UNREACHABLE;
                        case INVALID_ARGUMENT,
                                RESOURCE_EXHAUSTED,
                                OUT_OF_RANGE,
                                UNIMPLEMENTED,
                                INTERNAL,
                                UNAVAILABLE ->
                                FAILED;
                    };
        };
    }
}
