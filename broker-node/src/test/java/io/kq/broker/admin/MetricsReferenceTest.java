package io.kq.broker.admin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.doubles.HandMadeMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** docs/reference/metrics.md says what the node serves. */
class MetricsReferenceTest {

    private static final String BEFORE =
            """
            # Metrics

            `http://<admin.listener>/metrics` in the text form of Prometheus. Beside these: Micrometer's meters of the JVM and the
            process (`jvm_*`, `process_*`, `system_*`). Made from the code: `MetricsReferenceTest` writes it anew.

            | name | kind | what it is |
            |---|---|---|
            """;

    private static String reference() {
        HandMadeMetadata metadata = new HandMadeMetadata();
        metadata.topic("t", Map.of(), 1);
        NodeMetrics metrics =
                new NodeMetrics(1, metadata, partition -> Optional.of(Map.of(2, 0L)), 1);
        Map<String, String> help = new TreeMap<>();
        StringBuilder text = new StringBuilder(BEFORE);
        metrics.text()
                .lines()
                .forEach(
                        line -> {
                            String[] words = line.split(" ", 4);
                            if (!line.startsWith("# ") || !words[2].startsWith("kq_")) {
                                return;
                            }
                            if (words[1].equals("HELP")) {
                                help.put(words[2], words[3].strip());
                            } else {
                                text.append(
                                        "| `%s` | %s | %s |%n"
                                                .formatted(words[2], words[3], help.get(words[2])));
                            }
                        });
        return text.toString();
    }

    @Test
    void referenceIsWhatTheNodeServes() throws IOException {
        Path page = Path.of("..", "docs", "reference", "metrics.md");
        if (Boolean.getBoolean("kq.write.reference")) {
            Files.writeString(page, reference(), UTF_8);
        }
        assertThat(Files.readString(page, UTF_8))
                .as("run this test with -Dkq.write.reference=true to write it anew")
                .isEqualTo(reference());
    }
}
