package io.kq.log;

import static io.kq.log.Batches.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kq.log.index.IndexStore;
import io.kq.log.index.PartitionIndex;
import io.kq.log.index.SparseEntry;
import io.kq.log.layout.SegmentName;
import io.kq.log.recovery.DamagedLogException;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/**
 * The index is made anew of a segment that holds any bytes: it has rows of what is there, or the
 * replica is damaged. The first two bytes say where the log is taken to end. In the unit tests over
 * its inputs, for long with {@code log-store/fuzz.sh MINUTES}.
 */
class IndexRebuildFuzzTest {

    private static final FuzzedSegment SEGMENT = new FuzzedSegment("kq-fuzz-index");
    private static final IndexStore STORE =
            IndexStore.open(SEGMENT.directory.resolve("index"), 3 << 20);
    private static final int END_MAX = 1000;
    private static int nextId;

    @AfterAll
    static void erase() throws IOException {
        STORE.close();
        SEGMENT.erase();
    }

    @FuzzTest
    void anyBytesAreRowsOrDamage(byte[] bytes) throws IOException {
        if (bytes.length < 2) {
            return;
        }
        byte[] segment = FuzzedSegment.rest(bytes);
        SEGMENT.holds(segment);
        long end = FuzzedSegment.number(bytes, END_MAX);
        int id = nextId++;
        Segment only =
                Segment.existing(
                        SEGMENT.openFiles.existing(SEGMENT.file),
                        SegmentName.appended(0),
                        segment.length,
                        NOW);
        try {
            LogTail tail = new LogTail(end, 0, segment.length, 7, NOW);
            LogContents contents = new LogContents(new SegmentList(List.of(only)), tail, 0, 0);
            LogReader reader = new LogReader(contents, () -> {});
            PartitionIndex index = new PartitionIndex(STORE, id, TestStore.PARTITION, end, reader);
            index.drain();
            index.epochs();
            for (long offset = 0; offset <= end; offset += Math.max(1, end / 5)) {
                SparseEntry entry = index.floor(offset);
                if (entry != null) {
                    assertThat(entry.baseOffset()).isBetween(0L, offset);
                    assertThat(entry.position()).isBetween(0L, (long) segment.length);
                }
                index.floorByTime(NOW + offset);
            }
        } catch (DamagedLogException damaged) {
            assertThat(damaged).hasMessageContaining("damaged");
        } finally {
            only.file().discard();
            STORE.forget(id);
        }
    }
}
