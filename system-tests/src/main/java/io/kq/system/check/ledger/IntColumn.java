package io.kq.system.check.ledger;

import java.util.Arrays;

/** Ints by position from 0, growing; -1 where nothing was put. */
public final class IntColumn {

    private int[] values = new int[0];
    private int size;

    /** -1 if nothing was put there. */
    public int get(long position) {
        return position >= 0 && position < size ? values[(int) position] : -1;
    }

    public void put(long position, int value) {
        int index = Math.toIntExact(position);
        if (index >= values.length) {
            int before = values.length;
            values = Arrays.copyOf(values, Math.max(index + 1, before + before / 2 + 64));
            Arrays.fill(values, before, values.length, -1);
        }
        values[index] = value;
        size = Math.max(size, index + 1);
    }

    /** One above the highest position at which something was put. */
    public int size() {
        return size;
    }
}
