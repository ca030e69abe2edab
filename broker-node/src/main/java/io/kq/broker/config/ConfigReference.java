package io.kq.broker.config;

import java.util.List;

/** Writes docs/reference/config.md. A test holds the file equal to this. */
public final class ConfigReference {

    private ConfigReference() {}

    /** The whole page. */
    public static String markdown() {
        return page(NodeKeys.ALL);
    }

    private static String page(List<ConfigKey<?>> keys) {
        StringBuilder page = new StringBuilder();
        page.append(
                """
                # Settings of a node

                Generated from the code (`NodeKeys`); a test holds it equal. One file of `key=value` lines,
                `kq.properties`. Where a setting is given more than once, the order is: `--override key=value`,
                then the environment variable, then the file, then the default. The variable's name is
                `KQ_CONF_` and the key in capitals with `_` for `.`, for example `KQ_CONF_NODE_ID`. An unknown
                key or `KQ_CONF_` variable keeps the node from starting.

                Sizes take `B`, `KiB`, `MiB`, `GiB`, `TiB` (also `kB`, `MB`, `GB`); a plain number is bytes.
                Durations take `ms`, `s`, `m`, `h`, `d`; a plain number is milliseconds.

                | key | type | default | range | meaning |
                |---|---|---|---|---|
                """);
        for (ConfigKey<?> key : keys) {
            String byDefault =
                    key.defaultText().isEmpty() ? key.defaultNote() : "`" + key.defaultText() + "`";
            page.append(
                    "| `%s` | %s | %s | %s | %s |\n"
                            .formatted(
                                    key.name(),
                                    key.type().name(),
                                    byDefault,
                                    key.type().range(),
                                    key.doc()));
        }
        return page.toString();
    }
}
