package io.kq.log.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.protocol.TopicIdPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows go one by one or as a range: those that were meant, and no others. */
class RemovedRowsTest {

    private static final int ID = 3;

    @TempDir Path directory;

    private static void fill(IndexStore store, int id, int count) {
        List<SparseEntry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new SparseEntry(i, 0, 0, 100L * i, i, 0, -1));
        }
        assertThat(store.write(id, upTo(id, count), entries, List.of())).isTrue();
    }

    private static IndexedUpTo upTo(int id, int count) {
        return new IndexedUpTo(
                new TopicIdPartition(new UUID(1, 1), id), count, 0, -1, (long) count - 1);
    }

    private static List<Long> offsets(IndexStore store, int id) {
        return store.entriesFrom(id, 0, Integer.MAX_VALUE).stream()
                .map(SparseEntry::baseOffset)
                .toList();
    }

    @Test
    void aCutTakesWhatIsAboveWhetherItIsLittleOrMuch() {
        for (int above : new int[] {0, 1, 63, 64, 65, 66, 300}) {
            try (IndexStore store = IndexStore.open(directory.resolve("cut" + above), 8 << 20)) {
                fill(store, ID - 1, 2);
                fill(store, ID, 10 + above);
                fill(store, ID + 1, 2);
                assertThat(store.cut(ID, 10, 1, upTo(ID, 10))).isTrue();
                assertThat(offsets(store, ID)).hasSize(10).last().isEqualTo(9L);
                assertThat(offsets(store, ID - 1)).hasSize(2);
                assertThat(offsets(store, ID + 1)).hasSize(2);
            }
        }
    }

    @Test
    void whatIsBelowTheLogStartGoesWhetherItIsLittleOrMuch() {
        for (int below : new int[] {0, 1, 64, 65, 300}) {
            try (IndexStore store = IndexStore.open(directory.resolve("start" + below), 8 << 20)) {
                fill(store, ID - 1, 2);
                fill(store, ID, below + 10);
                assertThat(store.forgetBelow(ID, below, 0)).isTrue();
                assertThat(offsets(store, ID)).hasSize(10).first().isEqualTo((long) below);
                assertThat(offsets(store, ID - 1)).hasSize(2);
            }
        }
    }

    @Test
    void aForgottenPartitionHasNoRows() {
        for (int count : new int[] {1, 64, 65, 300}) {
            try (IndexStore store = IndexStore.open(directory.resolve("all" + count), 8 << 20)) {
                fill(store, ID - 1, 2);
                fill(store, ID, count);
                fill(store, ID + 1, 2);
                store.forget(ID);
                assertThat(offsets(store, ID)).isEmpty();
                assertThat(store.indexedUpTo(ID)).isEmpty();
                assertThat(offsets(store, ID - 1)).hasSize(2);
                assertThat(offsets(store, ID + 1)).hasSize(2);
            }
        }
    }
}
