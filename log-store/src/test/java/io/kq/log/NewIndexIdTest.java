package io.kq.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.layout.PartitionProperties;
import io.kq.log.layout.StoreLayout;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New partitions get index ids that no rows in the index belong to. */
class NewIndexIdTest {

    private static final TopicIdPartition OTHER = new TopicIdPartition(new UUID(5, 5), 0);
    private static final TopicIdPartition THIRD = new TopicIdPartition(new UUID(5, 5), 1);

    @TempDir Path directory;

    private int idOf(TopicIdPartition partition) throws IOException {
        return PartitionProperties.read(new StoreLayout(directory).directoryOf(partition))
                .orElseThrow()
                .indexId();
    }

    @Test
    void isAboveThoseThatOtherPartitionsHaveAfterARestart() throws IOException {
        try (TestStore test = new TestStore(directory)) {
            test.open();
            test.store.open(OTHER, "orders", TestStore.SMALL_SEGMENTS);
        }
        try (TestStore test = new TestStore(directory)) {
            test.store.open(THIRD, "orders", TestStore.SMALL_SEGMENTS);
        }
        assertThat(idOf(THIRD)).isGreaterThan(Math.max(idOf(TestStore.PARTITION), idOf(OTHER)));
    }

    @Test
    void isNotThatOfAPartitionWhoseRowsAreStillToGo() throws IOException {
        int deleted;
        try (TestStore test = new TestStore(directory)) {
            test.open().append(Batches.of("a"), 0, Batches.NOW);
            deleted = idOf(TestStore.PARTITION);
        }
        TornTailTest.erase(directory.resolve("index"));
        try (TestStore test = new TestStore(directory)) {
            test.store.delete(TestStore.PARTITION);
            PartitionLog log = test.store.open(OTHER, "orders", TestStore.SMALL_SEGMENTS);
            log.append(Batches.of("b"), 0, Batches.NOW);
            test.runBackground();
            assertThat(Batches.values(log, 0)).containsExactly("b");
        }
        assertThat(idOf(OTHER)).isGreaterThan(deleted);
    }
}
