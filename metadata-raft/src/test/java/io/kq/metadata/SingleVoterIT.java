package io.kq.metadata;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.image.MetadataImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One voter with a real Ratis server: births, snapshots, restarts. */
class SingleVoterIT {

    @Test
    void createsTopicsAndComesBackFromItsLogAlone(@TempDir Path directory) throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 1, 1_000_000)) {
            quorum.start(0);
            quorum.bringUp(0);
            for (int i = 0; i < 50; i++) {
                assertThat(quorum.create("topic-" + i).created()).isTrue();
            }
            MetadataImage before = quorum.controller().image();
            quorum.kill(0);
            assertThat(snapshots(quorum)).isEmpty();
            quorum.start(0);
            MetadataImage after = quorum.controller().image();
            assertThat(after.topics()).isEqualTo(before.topics());
            assertThat(after.brokers()).isEqualTo(before.brokers());
            assertThat(quorum.faults).isEmpty();
        }
    }

    @Test
    void comesBackFromSnapshotAndTail(@TempDir Path directory) throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 1, 40)) {
            quorum.start(0);
            quorum.bringUp(0);
            for (int i = 0; i < 60; i++) {
                quorum.create("topic-" + i);
            }
            eventually("a snapshot", () -> !snapshots(quorum).isEmpty());
            quorum.create("after-snapshot");
            MetadataImage before = quorum.controller().image();
            quorum.kill(0);
            quorum.start(0);
            MetadataImage after = quorum.controller().image();
            assertThat(after.topics()).isEqualTo(before.topics());
            assertThat(after.topics()).containsKey("after-snapshot");
            assertThat(quorum.faults).isEmpty();
        }
    }

    @Test
    void stopsWithASnapshotOfEverything(@TempDir Path directory) throws Exception {
        try (TestQuorum quorum = new TestQuorum(directory, 1, 1_000_000)) {
            quorum.start(0);
            quorum.bringUp(0);
            quorum.create("kept");
            long hash = BatchCodec.stateHash(quorum.controller().image());
            quorum.stop(0);
            assertThat(snapshots(quorum)).hasSize(1);
            assertThat(quorum.faults).isEmpty();
            QuorumVoter again = quorum.start(0);
            assertThat(BatchCodec.stateHash(again.image())).isEqualTo(hash);
        }
    }

    private static List<Path> snapshots(TestQuorum quorum) throws Exception {
        try (var files = Files.walk(quorum.raftDirectory(0))) {
            return files.filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                    .toList();
        }
    }
}
