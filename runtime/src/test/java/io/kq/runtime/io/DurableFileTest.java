package io.kq.runtime.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {

    @Test
    void replacesContentAndLeavesNoTemporaryFile(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("meta.properties");
        DurableFile.replace(file, "old".getBytes(UTF_8));
        DurableFile.replace(file, "new".getBytes(UTF_8));
        assertThat(file).hasContent("new");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void secondTakerOfADirectoryIsTurnedAwayUntilTheFirstIsDone(@TempDir Path directory)
            throws Exception {
        DirectoryLock first = DirectoryLock.tryTake(directory).orElseThrow();
        assertThat(DirectoryLock.tryTake(directory)).isEmpty();
        first.close();
        try (DirectoryLock second = DirectoryLock.tryTake(directory).orElseThrow()) {
            assertThat(second).isNotNull();
        }
    }
}
