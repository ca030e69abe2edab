package io.kq.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of docs/reference that is made of the code. */
public final class ReferencePage {

    private ReferencePage() {}

    /** Holds the page equal to what the code says, or writes it. */
    public static void assertEqual(String name, String markdown) throws IOException {
        Path page = Path.of("..", "docs", "reference", name);
        if (Boolean.getBoolean("kq.write.reference")) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, markdown, UTF_8);
        }
        assertThat(page).exists();
        assertThat(Files.readString(page, UTF_8))
                .as("run this test with -Dkq.write.reference=true to write " + name + " anew")
                .isEqualTo(markdown);
    }
}
