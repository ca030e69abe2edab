package io.kq.broker.birth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Invariant S9: a disk is whose it says it is, or it is refused. */
class IdentityFileTest {

    @TempDir Path directory;

    private final RandomSource random = RandomSource.seeded(1);
    private IdentityFile file;

    @BeforeEach
    void open() {
        file = new IdentityFile(directory);
    }

    private StartRefusedException refusal(int nodeId) {
        return catchThrowableOfType(
                StartRefusedException.class, () -> file.readOrCreate(nodeId, random));
    }

    @Test
    void emptyDirectoryGetsAnIdThatLasts() {
        DirectoryIdentity made = file.readOrCreate(3, random);
        assertThat(made.nodeId()).isEqualTo(3);
        assertThat(made.hasCluster()).isFalse();
        assertThat(file.readOrCreate(3, random)).isEqualTo(made);
    }

    @Test
    void everythingWrittenIsReadAgain() throws IOException {
        Voter voter =
                new Voter(
                        0,
                        UUID.randomUUID(),
                        new HostPort("::1", 9093),
                        new HostPort("kq-0.kq", 9094));
        Map<UUID, Path> paths =
                Map.of(
                        voter.directoryId(), Path.of("/a b"),
                        UUID.randomUUID(), Path.of("/c=d\\e#f"));
        DirectoryIdentity identity =
                new DirectoryIdentity(
                        0,
                        UUID.randomUUID(),
                        "c",
                        List.of(voter),
                        5,
                        Optional.of(voter.directoryId()),
                        true,
                        paths);
        Files.createDirectories(file.raftDirectory());
        file.write(identity);
        assertThat(file.readOrCreate(0, random)).isEqualTo(identity);
        assertThat(identity.ownVoter()).contains(voter);
    }

    @Test
    void diskOfAnotherNodeIsRefusedNamingBoth() {
        file.readOrCreate(3, random);
        assertThat(refusal(4))
                .hasMessageContaining("belongs to node 3")
                .hasMessageContaining("node.id is 4");
    }

    @Test
    void newerFormatIsRefused() throws IOException {
        Files.writeString(directory.resolve("meta.properties"), "version=2\n", UTF_8);
        assertThat(refusal(0).reason()).isEqualTo("NEWER_FORMAT");
    }

    @Test
    void emptyOrDamagedFileIsRefusedAndLeftAsItIs() throws IOException {
        Path meta = directory.resolve("meta.properties");
        for (String damage : List.of("", "version=1\nnode.id=0\n", "version=1\nnode.id=x\n")) {
            Files.writeString(meta, damage, UTF_8);
            assertThat(refusal(0).reason()).isEqualTo("IDENTITY_DAMAGED");
            assertThat(meta).hasContent(damage);
        }
    }

    @Test
    void dataWithoutIdentityIsRefused() throws IOException {
        Files.createDirectories(directory.resolve("partitions"));
        assertThat(refusal(0).reason()).isEqualTo("IDENTITY_LOST");
    }

    @Test
    void voterWithoutItsRaftLogIsRefused() {
        DirectoryIdentity made = file.readOrCreate(0, random);
        file.write(made.withRaftStarted());
        assertThat(refusal(0).reason()).isEqualTo("METADATA_LOST");
    }

    @Test
    void clusterIdIsTwentyTwoSafeCharacters() {
        for (int i = 0; i < 1000; i++) {
            assertThat(ClusterId.mint(random)).matches("[A-Za-z0-9_][A-Za-z0-9_-]{21}");
        }
    }
}
