package io.kq.metadata.raft;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Coordination shards beside the metadata, in one server of Ratis. */
class RatisShardIT {

    private static final UUID DIRECTORY_ID = new UUID(1, 2);
    private static final TopicIdPartition PARTITION = new TopicIdPartition(new UUID(0, 1), 0);

    @TempDir private Path directory;

    private final List<Throwable> faults = new CopyOnWriteArrayList<>();
    private final Map<Integer, ShardImage> told = new ConcurrentHashMap<>();
    private RaftConfig config;

    @BeforeEach
    void configure() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            config =
                    RaftConfig.of(
                            List.of(new Voter(0, DIRECTORY_ID, "127.0.0.1", free.getLocalPort())),
                            directory,
                            "127.0.0.1",
                            free.getLocalPort());
        }
    }

    /** Is told of the metadata, and of nothing that matters here. */
    private static final class Metadata implements RaftEvents {
        @Override
        public void onApplied(MetadataDelta delta, MetadataBatch batch) {}

        @Override
        public void onImageReplaced(MetadataDelta delta) {}

        @Override
        public void onLeaderReady(long term) {}

        @Override
        public void onNotLeader() {}

        @Override
        public void onClosed() {}

        @Override
        public void onLeaderChanged() {}
    }

    /** Is told of one shard. */
    private final class Shard implements ShardEvents {
        private final int number;

        Shard(int number) {
            this.number = number;
        }

        @Override
        public void onApplied(ShardImage image) {
            told.put(number, image);
        }

        @Override
        public void onLeaderReady(long term) {}

        @Override
        public void onNotLeader() {}

        @Override
        public void onClosed() {}

        @Override
        public void onLeaderChanged() {}
    }

    private RatisQuorum start() throws IOException {
        return RatisQuorum.start(
                "cluster",
                0,
                DIRECTORY_ID,
                config,
                new Metadata(),
                Shard::new,
                (where, cause) -> faults.add(new IllegalStateException(where, cause)));
    }

    private static void commit(RatisShard shard, String group, long offset) throws Exception {
        eventually("a leader", () -> shard.group().readyTerm().isPresent());
        AppliedEntry entry =
                shard.append(
                                new ShardBatch(
                                        shard.group().readyTerm().orElseThrow(),
                                        shard.image().lastBatchSequence() + 1,
                                        1,
                                        List.of(
                                                new OffsetsCommitted(
                                                        group,
                                                        Map.of(
                                                                PARTITION,
                                                                new CommittedOffset(
                                                                        offset, 1, "", 1))))))
                        .get(20, TimeUnit.SECONDS);
        assertThat(entry.ignored()).isFalse();
    }

    private static long offset(RatisShard shard, String group) {
        return shard.image()
                .group(group)
                .flatMap(image -> Optional.ofNullable(image.offsets().get(PARTITION)))
                .map(CommittedOffset::offset)
                .orElse(-1L);
    }

    @Test
    void eachShardKeepsItsOwnGroupsOverAKillAndAStop() throws Exception {
        try (RatisQuorum quorum = start()) {
            RatisShard first = quorum.openShard(0, config.voters());
            RatisShard second = quorum.openShard(1, config.voters());
            commit(first, "a", 5);
            commit(second, "b", 7);
            commit(first, "a", 6);
            assertThat(quorum.openShard(0, config.voters())).isSameAs(first);
            assertThat(first.image().groups()).containsOnlyKeys("a");
            assertThat(second.image().groups()).containsOnlyKeys("b");
            eventually("metadata too", () -> quorum.metadata().readyTerm().isPresent());
            quorum.abandon();
        }
        told.clear();
        try (RatisQuorum quorum = start()) {
            RatisShard first = quorum.openShard(0, config.voters());
            RatisShard second = quorum.openShard(1, config.voters());
            eventually("replayed", () -> offset(first, "a") == 6 && offset(second, "b") == 7);
            commit(first, "a", 8);
        }
        told.clear();
        try (RatisQuorum quorum = start()) {
            RatisShard first = quorum.openShard(0, config.voters());
            eventually("from its snapshot", () -> offset(first, "a") == 8);
            assertThat(told.get(0)).isEqualTo(first.image());
        }
        assertThat(faults).isEmpty();
    }
}
