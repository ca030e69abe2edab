package io.kq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start knows of the process before it. */
class RunningFileTest {

    @TempDir Path directory;

    @BeforeEach
    void boot() {
        System.setProperty(RunningFile.BOOT_ID_PROPERTY, "boot-1");
    }

    @AfterEach
    void forget() {
        System.clearProperty(RunningFile.BOOT_ID_PROPERTY);
    }

    @Test
    void killedProcessOnTheSameBootLostNothing() {
        new RunningFile(directory).put(Map.of());
        assertThat(new RunningFile(directory).isSameBoot()).isTrue();
    }

    @Test
    void anotherBootMayHaveLostThePageCache() {
        new RunningFile(directory).put(Map.of());
        System.setProperty(RunningFile.BOOT_ID_PROPERTY, "boot-2");
        assertThat(new RunningFile(directory).isSameBoot()).isFalse();
    }

    @Test
    void missingOrDamagedFileProvesNothing() throws IOException {
        assertThat(new RunningFile(directory).isSameBoot()).isFalse();
        Files.writeString(directory.resolve(RunningFile.NAME), "boot.id=\\u00", UTF_8);
        assertThat(new RunningFile(directory).isSameBoot()).isFalse();
    }

    @Test
    void factsAddUpAndGoWithTheProcess() throws IOException {
        RunningFile running = new RunningFile(directory);
        running.put(Map.of("a", "1"));
        running.put(Map.of("b", "2"));
        Path file = directory.resolve(RunningFile.NAME);
        assertThat(file).content().contains("a=1\n", "b=2\n", "boot.id=boot-1\n");
        running.delete();
        assertThat(file).doesNotExist();
    }
}
