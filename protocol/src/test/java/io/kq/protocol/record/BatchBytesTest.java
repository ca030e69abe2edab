package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchBytesTest {

    private final ByteBuffer whole = RecordReaderTest.batch(CompressionCodec.NONE);

    @Test
    void readsItsHeaderAcrossEveryBorderOfParts() {
        RecordBatchHeader header = RecordBatchHeader.read(whole, 0);
        for (int cut = 0; cut <= whole.remaining(); cut++) {
            BatchBytes batch = BatchBytes.of(parts(cut));

            assertThat(batch.header()).isEqualTo(header);
            assertThat(batch.sizeBytes()).isEqualTo(whole.remaining());
            assertThat(batch.crcMatches()).isTrue();
            assertThat(batch.toContiguous()).isEqualTo(whole);
        }
    }

    @Test
    void splitsBatchesAcrossEveryBorderOfParts() {
        int size = whole.remaining();
        ByteBuffer twice =
                ByteBuffer.allocate(2 * size).put(whole.duplicate()).put(whole.duplicate()).flip();
        for (int cut = 0; cut <= 2 * size; cut++) {
            List<BatchBytes> batches =
                    BatchBytes.split(twice.slice(0, cut), twice.slice(cut, 2 * size - cut));

            assertThat(batches).hasSize(2);
            assertThat(batches).allMatch(BatchBytes::crcMatches);
            assertThat(batches).allMatch(batch -> batch.toContiguous().equals(whole));
        }
    }

    @Test
    void doesNotSplitWhatIsNotWhole() {
        int size = whole.remaining();
        assertThat(BatchBytes.split()).isEmpty();
        for (int cut = 1; cut < size; cut++) {
            ByteBuffer torn = whole.slice(0, cut);
            assertThatThrownBy(() -> BatchBytes.split(torn))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        for (int length : new int[] {-1, 0, 48, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            ByteBuffer lying = ByteBuffer.wrap(RecordReaderTest.copy(whole));
            lying.putInt(RecordBatchHeader.LENGTH_POSITION, length);
            assertThatThrownBy(() -> BatchBytes.split(lying))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void seesAFlippedBitInAnyPart() {
        for (int at = RecordBatchHeader.CRC_POSITION; at < whole.remaining(); at++) {
            byte[] bytes = RecordReaderTest.copy(whole);
            bytes[at] ^= 1;
            ByteBuffer damaged = ByteBuffer.wrap(bytes);

            assertThat(
                            BatchBytes.of(
                                            damaged.slice(0, 70),
                                            damaged.slice(70, bytes.length - 70))
                                    .crcMatches())
                    .isFalse();
        }
    }

    @Test
    void stampReplacesTheHeaderAndNothingElse() {
        RecordBatchHeader stamped = stamped(RecordBatchHeader.read(whole, 0));
        for (int cut = 0; cut <= whole.remaining(); cut++) {
            BatchBytes batch = BatchBytes.of(parts(cut));

            ByteBuffer stored = ByteBuffer.allocate(batch.sizeBytes());
            for (ByteBuffer part : batch.stampedWith(stamped)) {
                stored.put(part);
            }
            stored.flip();

            assertThat(RecordBatchHeader.read(stored, 0)).isEqualTo(stamped);
            assertThat(stored.slice(61, stored.remaining() - 61))
                    .isEqualTo(whole.slice(61, whole.remaining() - 61));
            assertThat(BatchBytes.of(stored).crcMatches()).isTrue();
            assertThat(RecordReader.readAll(stored, 1 << 20).get(0).offset()).isEqualTo(123);
        }
    }

    @Test
    void leavesItsOwnersBuffersAlone() {
        ByteBuffer[] parts = parts(30);
        BatchBytes batch = BatchBytes.of(parts);
        batch.crcMatches();
        batch.toContiguous();
        for (ByteBuffer part : batch.stampedWith(batch.header())) {
            part.position(part.limit());
        }

        assertThat(parts[0].remaining()).isEqualTo(30);
        assertThat(batch.toContiguous()).isEqualTo(whole);
    }

    @Test
    void refusesFewerBytesThanAHeader() {
        assertThatThrownBy(() -> BatchBytes.of(ByteBuffer.allocate(60)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(BatchBytes::of).isInstanceOf(IllegalArgumentException.class);
    }

    /** Two direct parts, cut at any place, and an empty one between them. */
    private ByteBuffer[] parts(int cut) {
        return new ByteBuffer[] {
            direct(whole.slice(0, cut)),
            ByteBuffer.allocate(0),
            direct(whole.slice(cut, whole.remaining() - cut))
        };
    }

    private static ByteBuffer direct(ByteBuffer bytes) {
        return ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
    }

    private static RecordBatchHeader stamped(RecordBatchHeader header) {
        return new RecordBatchHeader(
                123,
                header.lengthBytes(),
                45,
                header.magic(),
                header.crc(),
                header.attributes(),
                header.lastOffsetDelta(),
                header.baseTimestamp(),
                header.maxTimestamp(),
                header.producerId(),
                header.producerEpoch(),
                header.baseSequence(),
                header.recordCount());
    }
}
