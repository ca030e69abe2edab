package io.kq.broker.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/reference/config.md says what the code says. */
class ConfigReferenceTest {

    @Test
    void referenceIsWhatTheCodeSays() throws IOException {
        Path page = Path.of("..", "docs", "reference", "config.md");
        if (Boolean.getBoolean("kq.write.reference")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, ConfigReference.markdown(), UTF_8);
        }
        assertThat(Files.readString(page, UTF_8))
                .as("run this test with -Dkq.write.reference=true to write it anew")
                .isEqualTo(ConfigReference.markdown());
    }
}
