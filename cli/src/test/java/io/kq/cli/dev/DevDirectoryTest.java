package io.kq.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DevDirectoryTest {

    @TempDir private Path temporary;

    @Test
    void remembersTheClustersShape() throws IOException {
        DevState state = DevState.born(3, 19_092);
        try (DevDirectory directory = DevDirectory.open(temporary.resolve("new"))) {
            assertThat(directory.state()).isEmpty();
            directory.remember(state, Map.of("node.0.pid", "1"));
        }
        try (DevDirectory directory = DevDirectory.open(temporary.resolve("new"))) {
            assertThat(directory.state()).contains(state);
        }
    }

    @Test
    void refusesADirectoryThatHoldsSomethingElse() throws IOException {
        Files.writeString(temporary.resolve("thesis.txt"), "years of work");

        assertThatThrownBy(() -> DevDirectory.open(temporary))
                .hasMessageContaining("holds something else");

        assertThat(temporary.resolve(".lock")).doesNotExist();
    }

    @Test
    void isOursAfterABirthThatWasCutOff() throws IOException {
        Files.createFile(temporary.resolve(".lock"));
        Files.createFile(temporary.resolve("dev.properties.tmp"));

        try (DevDirectory directory = DevDirectory.open(temporary)) {
            assertThat(directory.state()).isEmpty();
        }
    }

    @Test
    void refusesAFile() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "");

        assertThatThrownBy(() -> DevDirectory.open(file))
                .hasMessageContaining("holds something else");
    }

    @Test
    void isHeldByOneAtATime() throws IOException {
        try (DevDirectory held = DevDirectory.open(temporary)) {
            assertThatThrownBy(() -> DevDirectory.open(held.path()))
                    .hasMessageContaining("Another kq dev runs on");
        }
    }

    @Test
    void deletesWhatItMadeAndNothingElse() throws IOException {
        Path elsewhere = Files.createDirectories(temporary.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("kept"), "");
        Path data = temporary.resolve("data");
        try (DevDirectory directory = DevDirectory.open(data)) {
            directory.remember(DevState.born(2, 9092), Map.of());
            Files.createDirectories(data.resolve("node-0/partitions"));
            Files.writeString(data.resolve("node-0/partitions/1.log"), "x");
            Files.createSymbolicLink(data.resolve("node-0/link"), elsewhere);
            Files.createDirectories(data.resolve("node-1"));
            Files.writeString(data.resolve("notes.txt"), "the user's");

            assertThat(directory.deleteCluster()).isEqualTo(2);
        }
        assertThat(data.resolve("node-0")).doesNotExist();
        assertThat(data.resolve("node-1")).doesNotExist();
        assertThat(data.resolve(DevDirectory.MARK)).doesNotExist();
        assertThat(data.resolve("notes.txt")).exists();
        assertThat(elsewhere.resolve("kept")).exists();
    }

    @Test
    void saysWhichLineIsDamaged() throws IOException {
        Files.writeString(temporary.resolve(DevDirectory.MARK), "brokers=x\n");

        try (DevDirectory directory = DevDirectory.open(temporary)) {
            assertThatThrownBy(directory::state).hasMessageContaining("brokers is no number: 'x'");
        }
    }
}
