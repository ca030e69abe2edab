package io.kq.broker.birth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.birth.DirectoryIdentity.Voter;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S9 for several disks: each is this node's and there, or somebody is told. */
class SideDirectoriesTest {

    private static final int NODE = 3;
    private static final HostPort ADDRESS = new HostPort("a", 1);

    @TempDir Path root;

    private final RandomSource random = RandomSource.seeded(1);
    private Path first;
    private Path second;
    private Path third;

    @BeforeEach
    void make() throws IOException {
        first = Files.createDirectory(root.resolve("first"));
        second = Files.createDirectory(root.resolve("second"));
        third = Files.createDirectory(root.resolve("third"));
    }

    /** A start of a broker; its cluster is {@code c}. */
    private SideDirectories.Settled start(List<Path> directories, Map<Path, String> unusable) {
        Path main = directories.get(0);
        IdentityFile file = new IdentityFile(main);
        DirectoryIdentity identity = file.readOrCreate(NODE, random);
        SideDirectories sides =
                SideDirectories.check(
                        main,
                        identity,
                        false,
                        directories.subList(1, directories.size()),
                        unusable);
        DirectoryIdentity born = identity.hasCluster() ? identity : identity.in("c", List.of(), 0);
        file.write(born);
        return sides.settle(born, random);
    }

    private SideDirectories.Settled start(Path... directories) {
        return start(List.of(directories), Map.of());
    }

    private StartRefusedException refusal(Path... directories) {
        return catchThrowableOfType(StartRefusedException.class, () -> start(directories));
    }

    private static Map<Path, String> contents(Path root) {
        Map<Path, String> contents = new HashMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file, Files.readString(file, UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return contents;
    }

    @Test
    void eachGetsAnIdOfItsOwnAndKnowsTheOthers() {
        SideDirectories.Settled born = start(first, second, third);
        assertThat(born.complete()).isTrue();
        assertThat(born.usableIds()).hasSize(3).doesNotHaveDuplicates();
        assertThat(born.usableIds().get(0)).isEqualTo(born.identity().directoryId());
        assertThat(born.identity().directories().values())
                .containsExactlyInAnyOrder(first, second, third);
        for (Path side : List.of(second, third)) {
            DirectoryIdentity identity = new IdentityFile(side).find(NODE).orElseThrow();
            assertThat(identity.clusterId()).isEqualTo("c");
            assertThat(identity.directories()).isEqualTo(born.identity().directories());
        }
        Map<Path, String> before = contents(root);
        assertThat(start(first, third, second).usableIds())
                .containsExactlyInAnyOrderElementsOf(born.usableIds());
        assertThat(contents(root)).isEqualTo(before);
    }

    @Test
    void loneDirectoryHasNothingToKnow() {
        assertThat(start(first).identity().directories()).isEmpty();
        assertThat(start(first).complete()).isTrue();
    }

    @Test
    void directoryMayBeAddedLater() {
        start(first);
        SideDirectories.Settled grown = start(first, second);
        assertThat(grown.complete()).isTrue();
        assertThat(grown.identity().directories()).hasSize(2);
    }

    @Test
    void emptyDirectoryWhereOneWithDataWasIsRefusedAndNothingIsWritten() throws IOException {
        start(first, second, third);
        Files.delete(second.resolve(IdentityFile.NAME));
        Map<Path, String> before = contents(root);
        StartRefusedException refusal = refusal(first, second, third);
        assertThat(refusal.reason()).isEqualTo("DATA_DIRECTORY_LOST");
        assertThat(refusal).hasMessageContaining(second.toString());
        assertThat(contents(root)).isEqualTo(before);
    }

    @Test
    void lostDirectoryIsGivenUpByTakingItOutOfTheSettings() throws IOException {
        start(first, second, third);
        Files.delete(second.resolve(IdentityFile.NAME));
        SideDirectories.Settled without = start(first, third);
        assertThat(without.complete()).isFalse();
        assertThat(without.usableIds()).hasSize(2);
        assertThat(start(first, third).complete()).isTrue();
        assertThat(start(first, second, third).complete()).isTrue();
    }

    @Test
    void directoryThatCannotBeUsedIsKeptInMind() {
        UUID id = start(first, second, third).usableIds().get(1);
        SideDirectories.Settled poor =
                start(List.of(first, second, third), Map.of(second, "input/output error"));
        assertThat(poor.complete()).isFalse();
        assertThat(poor.offline()).containsExactly(Map.entry(second, "input/output error"));
        assertThat(poor.usableIds()).hasSize(2);
        assertThat(poor.identity().directories()).containsValue(second);
        SideDirectories.Settled back = start(first, second, third);
        assertThat(back.complete()).isTrue();
        assertThat(back.usableIds()).hasSize(3);
        assertThat(back.identity().directories()).containsKey(id);
    }

    @Test
    void movedDirectoryIsKnownByItsId() throws IOException {
        start(first, second);
        Files.delete(third);
        Files.move(second, third);
        SideDirectories.Settled moved = start(first, third);
        assertThat(moved.complete()).isTrue();
        assertThat(moved.identity().directories()).containsValue(third).hasSize(2);
    }

    @Test
    void directoryOfAnotherNodeIsRefused() {
        new IdentityFile(second).readOrCreate(NODE + 1, random);
        assertThat(refusal(first, second).reason()).isEqualTo("NODE_MISMATCH");
    }

    @Test
    void directoryOfAnotherClusterIsRefused() {
        new IdentityFile(second)
                .write(DirectoryIdentity.fresh(NODE, random.nextUuid()).in("other", List.of(), 0));
        StartRefusedException refusal = refusal(first, second);
        assertThat(refusal.reason()).isEqualTo("CLUSTER_MISMATCH");
        assertThat(refusal).hasMessageContaining("other").hasMessageContaining("cluster c");
        assertThat(refusal(first, second).reason()).isEqualTo("CLUSTER_MISMATCH");
    }

    @Test
    void copyOfADirectoryIsRefused() throws IOException {
        start(first, second);
        Files.copy(second.resolve(IdentityFile.NAME), third.resolve(IdentityFile.NAME));
        assertThat(refusal(first, second, third).reason()).isEqualTo("DISK_COPIED");
    }

    @Test
    void dataWithoutIdentityIsRefused() throws IOException {
        Files.createDirectory(second.resolve("partitions"));
        assertThat(refusal(first, second).reason()).isEqualTo("IDENTITY_LOST");
    }

    @Test
    void directoryWithTheMetadataStaysTheFirst() {
        IdentityFile file = new IdentityFile(first);
        DirectoryIdentity voter = file.readOrCreate(NODE, random);
        file.write(
                voter.in("c", List.of(new Voter(NODE, voter.directoryId(), ADDRESS, ADDRESS)), 0));
        StartRefusedException refusal = refusal(second, first);
        assertThat(refusal.reason()).isEqualTo("FIRST_DIRECTORY_MOVED");
        assertThat(refusal.next()).contains("put " + first + " first");
    }

    @Test
    void voterWithAnEmptyFirstDirectoryFoundsNoSecondCluster() throws IOException {
        start(first, second);
        Files.delete(first.resolve(IdentityFile.NAME));
        DirectoryIdentity fresh = new IdentityFile(first).readOrCreate(NODE, random);
        StartRefusedException refusal =
                catchThrowableOfType(
                        StartRefusedException.class,
                        () -> SideDirectories.check(first, fresh, true, List.of(second), Map.of()));
        assertThat(refusal.reason()).isEqualTo("METADATA_LOST");
    }
}
