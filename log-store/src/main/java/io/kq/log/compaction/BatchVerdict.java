package io.kq.log.compaction;

import java.util.BitSet;
import java.util.OptionalLong;

/** What becomes of one batch. */
public sealed interface BatchVerdict {

    /** How many of its records go. */
    int removedCount();

    /** It stays as it is, byte for byte. */
    record Stays() implements BatchVerdict {
        @Override
        public int removedCount() {
            return 0;
        }
    }

    /**
     * Some of its records stay, or all of them with a delete horizon.
     *
     * @param retained which ones, counted from 0
     * @param deleteHorizonMillis from when on its tombstones may go; empty: what it says stays
     */
    record Shrinks(BitSet retained, OptionalLong deleteHorizonMillis, int removedCount)
            implements BatchVerdict {}

    /** No record stays, but what it tells of its producer does. */
    record Empties(int removedCount) implements BatchVerdict {}

    /** Nothing of it stays but its offsets. */
    record Goes(int removedCount) implements BatchVerdict {}
}
