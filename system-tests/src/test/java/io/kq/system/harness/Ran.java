package io.kq.system.harness;

import java.util.List;

/**
 * A command that has ended.
 *
 * @param line as typed
 * @param out all of its standard output
 * @param err all of its standard error
 */
public record Ran(String line, int exitCode, String out, String err) {

    /** The lines of standard error. */
    public List<String> errLines() {
        return err.lines().toList();
    }
}
