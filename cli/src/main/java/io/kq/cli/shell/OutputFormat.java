package io.kq.cli.shell;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a command prints its data. */
public enum OutputFormat {
    /** For people: aligned text, or Kafka's own lines where Kafka has them. */
    TABLE,
    /** The same with more columns. */
    WIDE,
    /** One JSON document. */
    JSON,
    /** One JSON object a line. */
    JSONL,
    /** Names only, one a line. */
    NAME;

    /** As typed on the command line. */
    public static final List<String> NAMES = List.of("table", "wide", "json", "jsonl", "name");

    /** The format of this name, if there is one. */
    public static Optional<OutputFormat> named(String name) {
        int index = NAMES.indexOf(name.toLowerCase(Locale.ROOT));
        return index < 0 ? Optional.empty() : Optional.of(values()[index]);
    }

    /** Whether a program reads it. */
    public boolean isJson() {
        return this == JSON || this == JSONL;
    }
}
