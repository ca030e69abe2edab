package io.kq.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
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
