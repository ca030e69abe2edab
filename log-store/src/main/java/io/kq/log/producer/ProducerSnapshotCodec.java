package io.kq.log.producer;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The bytes of a producer snapshot: magic, version, offset, flags, count, then per producer id,
 * epoch, time of its last append and its last batches; a CRC-32C of all that in the last four
 * bytes. All numbers big-endian. Pure.
 */
final class ProducerSnapshotCodec {

    /** "KQPS". */
    private static final int MAGIC = 0x4b515053;

    private static final byte VERSION = 1;
    private static final int FRAME_BYTES = 4 + 1 + 8 + 1 + 4 + 4;
    private static final int PRODUCER_BYTES = 8 + 2 + 8 + 1;
    private static final int BATCH_BYTES = 4 + 4 + 8 + 8;

    private ProducerSnapshotCodec() {}

    static byte[] encode(ProducerSnapshot snapshot) {
        int size = FRAME_BYTES;
        for (ProducerState state : snapshot.producers().values()) {
            size += PRODUCER_BYTES + BATCH_BYTES * state.lastBatches().size();
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        out.putInt(MAGIC).put(VERSION).putLong(snapshot.offset());
        out.put((byte) (snapshot.forgetful() ? 1 : 0)).putInt(snapshot.producers().size());
        new TreeMap<>(snapshot.producers()).forEach((id, state) -> put(out, id, state));
        CRC32C crc = new CRC32C();
        crc.update(out.array(), 0, out.position());
        return out.putInt((int) crc.getValue()).array();
    }

    private static void put(ByteBuffer out, long producerId, ProducerState state) {
        out.putLong(producerId).putShort(state.epoch()).putLong(state.lastAppendMillis());
        out.put((byte) state.lastBatches().size());
        for (SequencedBatch batch : state.lastBatches()) {
            out.putInt(batch.baseSequence()).putInt(batch.lastSequence());
            out.putLong(batch.baseOffset()).putLong(batch.nextOffset());
        }
    }

    /** Empty if the bytes are not a whole snapshot. */
    static Optional<ProducerSnapshot> decode(byte[] bytes) {
        if (bytes.length < FRAME_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        if (in.getInt(bytes.length - 4) != (int) crc.getValue()
                || in.getInt() != MAGIC
                || in.get() != VERSION) {
            return Optional.empty();
        }
        try {
            long offset = in.getLong();
            boolean forgetful = in.get() != 0;
            int count = in.getInt();
            Map<Long, ProducerState> producers = new HashMap<>();
            for (int i = 0; i < count; i++) {
                producers.put(in.getLong(), get(in));
            }
            return Optional.of(new ProducerSnapshot(offset, forgetful, producers));
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static ProducerState get(ByteBuffer in) {
        short epoch = in.getShort();
        long lastAppendMillis = in.getLong();
        int count = in.get();
        List<SequencedBatch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(new SequencedBatch(in.getInt(), in.getInt(), in.getLong(), in.getLong()));
        }
        return new ProducerState(epoch, batches, lastAppendMillis);
    }
}
