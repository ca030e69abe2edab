package io.kq.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.metadata.codec.ShardCodec;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.shard.ShardRecord.OffsetsCommitted;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardStateTest {

    @TempDir private Path directory;

    private final List<ShardImage> told = new ArrayList<>();
    private final ShardState state = new ShardState(2, told::add);

    private static ByteBuffer entry(long term, long sequence, long offset) {
        TopicIdPartition partition = new TopicIdPartition(new UUID(0, 1), 0);
        CommittedOffset committed = new CommittedOffset(offset, 1, "", 9);
        return ByteBuffer.wrap(
                ShardCodec.encode(
                        new ShardBatch(
                                term,
                                sequence,
                                0,
                                List.of(new OffsetsCommitted("g", Map.of(partition, committed))))));
    }

    @Test
    void appliesEntriesAndTellsOfEach() {
        assertThat(state.name()).isEqualTo("shard-2");
        assertThat(state.appliedIndex()).isEqualTo(-1);
        assertThat(state.apply(entry(3, 1, 5), 10, 3)).isFalse();
        assertThat(state.apply(entry(2, 2, 7), 11, 3)).as("of an older term").isTrue();
        assertThat(state.appliedIndex()).isEqualTo(11);
        assertThat(told).hasSize(2);
        assertThat(state.image()).isSameAs(told.get(1));
    }

    @Test
    void goesOnFromItsSnapshotAsIfNothingHadHappened() throws IOException {
        state.apply(entry(3, 1, 5), 10, 3);
        RaftState.Snapshot captured = state.capture();
        state.apply(entry(3, 2, 6), 11, 3);
        Path file = directory.resolve("snapshot");
        captured.write(file);
        ShardState other = new ShardState(2, image -> {});
        other.load(file);
        assertThat(other.image()).isEqualTo(told.get(0));
        assertThat(other.apply(entry(3, 2, 6), 11, 3)).isFalse();
        assertThat(other.image()).isEqualTo(state.image());
    }

    @Test
    void aDamagedSnapshotIsNotLoaded() throws IOException {
        state.apply(entry(3, 1, 5), 10, 3);
        Path file = directory.resolve("snapshot");
        state.capture().write(file);
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 4;
            Files.write(file, damaged);
            assertThatThrownBy(() -> new ShardState(2, image -> {}).load(file))
                    .isInstanceOf(IOException.class);
        }
        Files.write(file, new byte[3]);
        assertThatThrownBy(() -> state.load(file)).isInstanceOf(IOException.class);
    }
}
