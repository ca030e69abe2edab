package io.kq.log.index;

import io.kq.protocol.TopicIdPartition;
import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The rows of the index. Key: partition's index id (4 bytes), kind (1), offset (8) or leader epoch
 * (4), all big-endian, so that a partition's rows lie together and in order. One column family: its
 * flush is atomic by nature, and a partition is dropped by one range.
 */
final class IndexRows {

    /** How much is indexed: one row per partition. */
    private static final byte UP_TO = 0;

    /** A batch's place, by base offset. */
    private static final byte ENTRY = 1;

    /** A leader epoch's start, by epoch. */
    private static final byte EPOCH = 2;

    private static final int ID_BYTES = 4;
    private static final int ENTRY_KEY_BYTES = ID_BYTES + 1 + 8;
    private static final int EPOCH_KEY_BYTES = ID_BYTES + 1 + 4;
    private static final int ENTRY_VALUE_BYTES = 8 + 4 + 8 + 4 + 4 + 8;
    private static final int UP_TO_VALUE_BYTES = 16 + 4 + 8 + 4 + 8 + 8;

    private IndexRows() {}

    static byte[] firstKey(int id) {
        return ByteBuffer.allocate(ID_BYTES).putInt(id).array();
    }

    static byte[] upToKey(int id) {
        return ByteBuffer.allocate(ID_BYTES + 1).putInt(id).put(UP_TO).array();
    }

    static byte[] entryKey(int id, long baseOffset) {
        return ByteBuffer.allocate(ENTRY_KEY_BYTES)
                .putInt(id)
                .put(ENTRY)
                .putLong(baseOffset)
                .array();
    }

    static byte[] epochKey(int id, int leaderEpoch) {
        return ByteBuffer.allocate(EPOCH_KEY_BYTES)
                .putInt(id)
                .put(EPOCH)
                .putInt(leaderEpoch)
                .array();
    }

    static int idOf(byte[] key) {
        return key.length < ID_BYTES ? -1 : ByteBuffer.wrap(key).getInt();
    }

    static boolean isEntry(byte[] key, int id) {
        return key.length == ENTRY_KEY_BYTES && idOf(key) == id && key[ID_BYTES] == ENTRY;
    }

    static boolean isEpoch(byte[] key, int id) {
        return key.length == EPOCH_KEY_BYTES && idOf(key) == id && key[ID_BYTES] == EPOCH;
    }

    static byte[] value(SparseEntry entry) {
        return ByteBuffer.allocate(ENTRY_VALUE_BYTES)
                .putLong(entry.segmentBaseOffset())
                .putInt(entry.generation())
                .putLong(entry.position())
                .putInt(entry.crc())
                .putInt(entry.leaderEpoch())
                .putLong(entry.maxTimestampBefore())
                .array();
    }

    /** Throws an unchecked exception if the row has another shape. */
    static SparseEntry entry(byte[] key, byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        return new SparseEntry(
                ByteBuffer.wrap(key).getLong(ID_BYTES + 1),
                in.getLong(),
                in.getInt(),
                in.getLong(),
                in.getInt(),
                in.getInt(),
                in.getLong());
    }

    static byte[] value(LeaderEpochStart start) {
        return ByteBuffer.allocate(8).putLong(start.startOffset()).array();
    }

    static LeaderEpochStart epoch(byte[] key, byte[] value) {
        return new LeaderEpochStart(
                ByteBuffer.wrap(key).getInt(ID_BYTES + 1), ByteBuffer.wrap(value).getLong());
    }

    static byte[] value(IndexedUpTo upTo) {
        UUID topic = upTo.partition().topicId();
        return ByteBuffer.allocate(UP_TO_VALUE_BYTES)
                .putLong(topic.getMostSignificantBits())
                .putLong(topic.getLeastSignificantBits())
                .putInt(upTo.partition().partition())
                .putLong(upTo.offset())
                .putInt(upTo.lastLeaderEpoch())
                .putLong(upTo.maxTimestampMillis())
                .putLong(upTo.lastEntryOffset())
                .array();
    }

    static IndexedUpTo upTo(byte[] value) {
        ByteBuffer in = ByteBuffer.wrap(value);
        UUID topic = new UUID(in.getLong(), in.getLong());
        return new IndexedUpTo(
                new TopicIdPartition(topic, in.getInt()),
                in.getLong(),
                in.getInt(),
                in.getLong(),
                in.getLong());
    }
}
