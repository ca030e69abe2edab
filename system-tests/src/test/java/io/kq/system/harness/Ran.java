package io.kq.system.harness;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A command that has ended.
 *
 * @param line as typed
 * @param out all of its standard output
 * @param err all of its standard error
 */
public record Ran(String line, int exitCode, String out, String err) {

    private static final Pattern LOG_LINE =
            Pattern.compile("(?m)^\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO |WARN |ERROR) .*\\n");

    /**
     * Without the log lines of a node that logs to standard error. Whatever has no date, such as a
     * stack trace, is left.
     */
    public Ran withoutLog() {
        return new Ran(line, exitCode, out, LOG_LINE.matcher(err).replaceAll(""));
    }

    /** The lines of standard error. */
    public List<String> errLines() {
        return err.lines().toList();
    }
}
