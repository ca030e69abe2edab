package io.kq.cli.shell;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A command could not do what it was asked for: what a person reads, what a script reads, and the
 * exit code. Put together by the thrower, in one expression, and only read after that.
 */
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String status;
    private final String reason;
    private final transient Map<String, String> metadata;
    private final transient List<String> next = new ArrayList<>();
    private int exitCode;
    private String detail = "";
    private String suggestion = "";

    private CommandFailure(
            int exitCode,
            String status,
            String reason,
            String message,
            Map<String, String> metadata,
            @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.status = status;
        this.reason = reason;
        this.metadata = metadata;
    }

    /** The command as typed can never work. */
    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, "INVALID_ARGUMENT", "", message, Map.of(), null);
    }

    /** A failure for a reason of the common table, with that reason's exit code. */
    public static CommandFailure of(ErrorCode code, String message) {
        return from(new RejectedException(code, message), message);
    }

    /** What a broker or the client answered. */
    public static CommandFailure from(RejectedException rejected) {
        return from(rejected, rejected.getMessage());
    }

    /** What a broker or the client answered, in words that fit what was typed. */
    public static CommandFailure from(RejectedException rejected, String message) {
        ErrorCode code = rejected.code();
        CommandFailure failure =
                new CommandFailure(
                        ExitCode.of(code),
                        code.status().name(),
                        code.name(),
                        message,
                        rejected.metadata(),
                        rejected);
        return failure.didYouMean(rejected.metadata().getOrDefault("suggestion", ""));
    }

    /** A failure of this machine (a file, standard output) or a bug. */
    public static CommandFailure local(String reason, String message, @Nullable Throwable cause) {
        return new CommandFailure(ExitCode.FAILED, "UNKNOWN", reason, message, Map.of(), cause);
    }

    /** Another exit code than the reason's. */
    @CanIgnoreReturnValue
    public CommandFailure withExitCode(int code) {
        exitCode = code;
        return this;
    }

    /** Facts that follow the reason on its line. */
    @CanIgnoreReturnValue
    public CommandFailure withDetail(String facts) {
        detail = facts;
        return this;
    }

    /** What the user may have meant; empty: no idea. */
    @CanIgnoreReturnValue
    public CommandFailure didYouMean(String name) {
        suggestion = name;
        return this;
    }

    /** One more thing to try: a command, a setting. */
    @CanIgnoreReturnValue
    public CommandFailure next(String step) {
        next.add(step);
        return this;
    }

    public int exitCode() {
        return exitCode;
    }

    /** Canonical name of the gRPC status, {@code UNKNOWN} if it is none. */
    public String status() {
        return status;
    }

    /** Name in brackets; empty: none is shown. */
    public String reason() {
        return reason;
    }

    /** One sentence. */
    public String message() {
        return String.valueOf(getMessage());
    }

    public String detail() {
        return detail;
    }

    public String suggestion() {
        return suggestion;
    }

    public List<String> nextSteps() {
        return List.copyOf(next);
    }

    public Map<String, String> metadata() {
        return metadata;
    }
}
