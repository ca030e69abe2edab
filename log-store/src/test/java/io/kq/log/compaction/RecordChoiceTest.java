package io.kq.log.compaction;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.log.compaction.BatchVerdict.Empties;
import io.kq.log.compaction.BatchVerdict.Goes;
import io.kq.log.compaction.BatchVerdict.Shrinks;
import io.kq.log.compaction.BatchVerdict.Stays;
import io.kq.protocol.record.BatchFilter;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.protocol.record.RecordReader;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordChoiceTest {

    private static final long NOW = 1_790_000_000_000L;
    private static final long HOUR = 3_600_000;
    private static final int BOUND = 1 << 20;
    private static final int END = 1000;

    private final KeyOffsets keys = new KeyOffsets(100);
    private final KeyDigest digest = new KeyDigest();

    private RecordChoice choice(Long... remembered) {
        return new RecordChoice(keys, END, Set.of(remembered)::contains, NOW, HOUR);
    }

    private void last(String key, long offset) {
        digest.of(key.getBytes(UTF_8));
        keys.put(digest, offset);
    }

    /** A batch at offset 10; a key with "-" behind it is deleted by its record. */
    private static ByteBuffer batch(@Nullable String... keysOfRecords) {
        RecordBatchBuilder builder = new RecordBatchBuilder(100);
        for (String key : keysOfRecords) {
            boolean tombstone = key != null && key.endsWith("-");
            byte[] name =
                    key == null
                            ? null
                            : key.substring(0, key.length() - (tombstone ? 1 : 0)).getBytes(UTF_8);
            builder.append(NOW - 5, name, tombstone ? null : new byte[] {1});
        }
        ByteBuffer batch = builder.build(CompressionCodec.NONE, 4, (short) 0, 0);
        batch.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, 10);
        return batch;
    }

    private static BatchVerdict judge(RecordChoice choice, ByteBuffer batch) {
        return choice.judge(RecordReader.open(batch, BOUND));
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }

    @Test
    void recordGoesOnceALaterOneHasItsKey() {
        last("a", 12);
        last("b", 11);
        assertThat(judge(choice(), batch("a", "b", "a", "c")))
                .isEqualTo(new Shrinks(bits(1, 2, 3), OptionalLong.empty(), 1));
    }

    @Test
    void batchStaysByteForByteIfNothingOfItGoes() {
        last("a", 10);
        assertThat(judge(choice(), batch("a", "b", null))).isEqualTo(new Stays());
    }

    @Test
    void recordWithoutKeyStays() {
        last("a", 500);
        assertThat(judge(choice(), batch("a", null)))
                .isEqualTo(new Shrinks(bits(1), OptionalLong.empty(), 1));
    }

    @Test
    void batchOfWhichNothingStaysGoes() {
        last("a", 500);
        assertThat(judge(choice(), batch("a", "a"))).isEqualTo(new Goes(2));
    }

    @Test
    void batchThatItsProducerMayRepeatIsEmptied() {
        last("a", 500);
        assertThat(judge(choice(10L), batch("a", "a"))).isEqualTo(new Empties(2));
        ByteBuffer emptied = BatchFilter.emptied(RecordBatchHeader.read(batch("a", "a"), 0));
        assertThat(judge(choice(10L), emptied)).isEqualTo(new Stays());
        assertThat(judge(choice(11L), emptied)).isEqualTo(new Goes(0));
    }

    @Test
    void placeholderGoesIntoTheNextOne() {
        assertThat(judge(choice(10L), BatchFilter.placeholder(10, 20, 3))).isEqualTo(new Goes(0));
    }

    @Test
    void tombstoneGetsAHorizonWhenItIsMet() {
        last("a", 12);
        assertThat(judge(choice(), batch("b", "a", "a-")))
                .isEqualTo(new Shrinks(bits(0, 2), OptionalLong.of(NOW + HOUR), 1));
        assertThat(judge(choice(), batch("b-")))
                .isEqualTo(new Shrinks(bits(0), OptionalLong.of(NOW + HOUR), 0));
    }

    @Test
    void tombstoneGoesAtItsHorizonAndValuesBesideItStay() {
        ByteBuffer plain = batch("a-", "b");
        for (long horizon : new long[] {NOW - 1, NOW, NOW + 1}) {
            ByteBuffer met =
                    BatchFilter.retain(
                            RecordReader.open(plain, BOUND), bits(0, 1), OptionalLong.of(horizon));
            assertThat(judge(choice(), met))
                    .isEqualTo(
                            horizon > NOW
                                    ? new Stays()
                                    : new Shrinks(bits(1), OptionalLong.empty(), 1));
        }
    }

    @Test
    void supersededTombstoneGoesBeforeItsHorizon() {
        last("a", 500);
        assertThat(judge(choice(), batch("a-", "b")))
                .isEqualTo(new Shrinks(bits(1), OptionalLong.empty(), 1));
    }

    @Test
    void horizonThatNeverComesDoesNotOverflow() {
        RecordChoice never = new RecordChoice(keys, END, offset -> false, NOW, Long.MAX_VALUE);
        assertThat(judge(never, batch("b-")))
                .isEqualTo(new Shrinks(bits(0), OptionalLong.of(Long.MAX_VALUE), 0));
    }

    @Test
    void batchesBehindTheRangeAndControlBatchesAreNotLookedInto() {
        ByteBuffer batch = batch("a");
        assertThat(choice().staysUnread(RecordBatchHeader.read(batch, 0))).isFalse();
        batch.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, END);
        assertThat(choice().staysUnread(RecordBatchHeader.read(batch, 0))).isTrue();
        batch.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, 10);
        batch.putShort(RecordBatchHeader.ATTRIBUTES_POSITION, (short) 0x30);
        assertThat(choice().staysUnread(RecordBatchHeader.read(batch, 0))).isTrue();
    }
}
