package io.kq.broker.logging;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How this process logs.
 *
 * @param directory empty: standard error
 * @param level of kq's own lines: error, warn, info, debug or trace
 * @param node in every line; empty: none
 */
public record LoggingConfig(Optional<Path> directory, Format format, String level, String node) {

    /** Form of a line. */
    public enum Format {
        TEXT,
        JSON
    }

    /** Before settings are read: text, warnings only, to standard error. */
    public static LoggingConfig initial() {
        return new LoggingConfig(Optional.empty(), Format.TEXT, "warn", "");
    }
}
