package io.kq.log.compaction;

import java.util.Arrays;

/**
 * The last offset of each key of a dirty range, in memory that is taken at once and never grows: 24
 * bytes a slot, three slots for two keys. Keys are known by their digest. Single thread.
 */
public final class KeyOffsets {

    /** Memory of one slot: a digest of 128 bits and an offset. */
    public static final int SLOT_BYTES = 24;

    private static final int LONGS_PER_SLOT = 3;
    private static final long NONE = -1;
    private static final int SLOTS_MAX = Integer.MAX_VALUE / LONGS_PER_SLOT - 8;

    /** Digest and offset of each slot; {@link #NONE} as offset: free. */
    private final long[] slots;

    private final int slotCount;
    private final int capacity;
    private int size;

    /** For so many keys. */
    public KeyOffsets(int capacity) {
        this.capacity = capacity;
        this.slotCount = (int) Math.min(SLOTS_MAX, slotsFor(capacity));
        this.slots = new long[slotCount * LONGS_PER_SLOT];
        Arrays.fill(slots, NONE);
    }

    private static long slotsFor(long keys) {
        return keys + keys / 2 + 1;
    }

    /** How many keys fit into so much memory. */
    public static int capacityOf(long bytes) {
        long slotsMax = Math.min(SLOTS_MAX, bytes / SLOT_BYTES);
        return (int) Math.max(1, (slotsMax - 1) * 2 / 3);
    }

    /** Whether so many more keys fit, all of them new. */
    public boolean hasRoomFor(int keys) {
        return keys <= capacity - size;
    }

    /** How many keys it knows. */
    public int size() {
        return size;
    }

    /**
     * Takes note of a record; those of a key come in the order of their offsets.
     *
     * @throws IllegalStateException if it is full, which {@link #hasRoomFor} tells before
     */
    public void put(KeyDigest key, long offset) {
        int at = find(key);
        if (slots[at + 2] == NONE) {
            if (size == capacity) {
                throw new IllegalStateException("no room for more than " + capacity + " keys");
            }
            slots[at] = key.high();
            slots[at + 1] = key.low();
            size++;
        }
        slots[at + 2] = offset;
    }

    /** The last offset of this key, -1 if it was not met. */
    public long lastOffset(KeyDigest key) {
        return slots[find(key) + 2];
    }

    /** Where the key is, or the free slot where it belongs: there always is one. */
    private int find(KeyDigest key) {
        int slot = (int) Long.remainderUnsigned(key.high(), slotCount);
        while (true) {
            int at = slot * LONGS_PER_SLOT;
            if (slots[at + 2] == NONE || (slots[at] == key.high() && slots[at + 1] == key.low())) {
                return at;
            }
            slot = slot + 1 == slotCount ? 0 : slot + 1;
        }
    }
}
