package io.kq.protocol.config;

import io.kq.protocol.ReferencePage;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** docs/reference/topic-configs.md says what the code says. */
class TopicConfigReferenceTest {

    private static final String HEAD =
            """
            # Configs of a topic

            Generated from the code (`TopicConfig`); a test holds it equal. Names and defaults are Kafka's unless the meaning
            says otherwise. Sizes take `B`, `KiB`, `MiB`, `GiB`, `TiB` (also `kB`, `MB`, `GB`), durations `ms`, `s`, `m`, `h`, `d`, `w`;
            plain numbers are bytes and milliseconds, and that is the form in which values are stored and shown.

            An unknown name is refused with UNKNOWN_CONFIG, a wrong value with INVALID_CONFIG.
            """;

    @Test
    void referenceIsWhatTheCodeSays() throws IOException {
        StringBuilder page = new StringBuilder(HEAD);
        for (TopicConfig.Effect effect : TopicConfig.Effect.values()) {
            page.append('\n').append(title(effect)).append("\n\n");
            page.append("| config | type | default | range | meaning |\n|---|---|---|---|---|\n");
            for (TopicConfig config : TopicConfig.values()) {
                if (config.effect() == effect) {
                    page.append("| `").append(config.key());
                    page.append("` | ").append(config.type());
                    page.append(" | ").append(shown(config.defaultValue()));
                    page.append(" | ").append(config.range());
                    page.append(" | ").append(config.doc()).append(" |\n");
                }
            }
        }

        ReferencePage.assertEqual("topic-configs.md", page.toString());
    }

    private static String title(TopicConfig.Effect effect) {
        return switch (effect) {
            case APPLIED -> "## Obeyed";
            case INERT -> "## Stored and shown, without effect in kq";
            case FIXED -> "## Known, but only with the default";
        };
    }

    private static String shown(String value) {
        return value.isEmpty() ? "empty" : "`" + value + "`";
    }
}
