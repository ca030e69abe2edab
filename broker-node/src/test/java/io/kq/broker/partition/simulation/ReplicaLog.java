package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.LogEnds;
import java.util.Arrays;

/**
 * A replica's log as a list: offset, leader epoch, value; one record a batch. What is below its
 * durable end survives the loss of power.
 */
public final class ReplicaLog {

    /** The largest epoch that is not above an asked one, and where it ends. */
    public record EpochEnd(int epoch, long endOffset) {}

    private int[] epochs = new int[16];
    private long[] values = new long[16];
    private int size;

    /** Offset of the first record that the arrays hold; those before {@link #start} are deleted. */
    private long base;

    private long start;
    private long durableEnd;

    /** How often something was taken away: what was being written to the disk then is void. */
    private int cuts;

    public ReplicaLog() {}

    public ReplicaLog copy() {
        ReplicaLog copy = new ReplicaLog();
        copy.epochs = epochs.clone();
        copy.values = values.clone();
        copy.size = size;
        copy.base = base;
        copy.start = start;
        copy.durableEnd = durableEnd;
        copy.cuts = cuts;
        return copy;
    }

    public long start() {
        return start;
    }

    public long end() {
        return base + size;
    }

    public long durableEnd() {
        return durableEnd;
    }

    /** Whether the record is still in the list, be it deleted or not. */
    public boolean holds(long offset) {
        return offset >= base && offset < end();
    }

    public int epochAt(long offset) {
        return epochs[(int) (offset - base)];
    }

    public long valueAt(long offset) {
        return values[(int) (offset - base)];
    }

    public int lastEpoch() {
        return end() == start ? -1 : epochs[size - 1];
    }

    public LogEnds ends() {
        return new LogEnds(start, end(), durableEnd, lastEpoch());
    }

    public EpochEnd endOf(int epoch) {
        for (long offset = end() - 1; offset >= start; offset--) {
            if (epochAt(offset) <= epoch) {
                return new EpochEnd(epochAt(offset), offset + 1);
            }
        }
        return new EpochEnd(-1, start);
    }

    public void append(int epoch, long value) {
        if (size == epochs.length) {
            epochs = Arrays.copyOf(epochs, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        epochs[size] = epoch;
        values[size] = value;
        size++;
    }

    public int cuts() {
        return cuts;
    }

    public void cut(long end) {
        cuts++;
        size = (int) (end - base);
        start = Math.min(start, end);
        durableEnd = Math.min(durableEnd, end);
    }

    /** Throws all away and begins anew. */
    public void restart(long offset) {
        cuts++;
        size = 0;
        base = offset;
        start = offset;
        durableEnd = offset;
    }

    /** Deletes what is before the offset. */
    public void trim(long offset) {
        start = Math.max(start, Math.min(offset, end()));
    }

    public void flush(long end) {
        durableEnd = Math.max(durableEnd, Math.min(end, end()));
    }

    /** The offset of a value, also of a deleted one; -1: it is not here. */
    public long find(long value) {
        for (int i = size - 1; i >= 0; i--) {
            if (values[i] == value) {
                return base + i;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReplicaLog that
                && size == that.size
                && base == that.base
                && start == that.start
                && durableEnd == that.durableEnd
                && Arrays.equals(epochs, 0, size, that.epochs, 0, size)
                && Arrays.equals(values, 0, size, that.values, 0, size);
    }

    @Override
    public int hashCode() {
        int hash = Long.hashCode(31 * start + durableEnd) + 17 * Long.hashCode(base);
        for (int i = 0; i < size; i++) {
            hash = 31 * (31 * hash + epochs[i]) + Long.hashCode(values[i]);
        }
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[").append(start).append(" |");
        for (long offset = Math.max(start, end() - 8); offset < end(); offset++) {
            text.append(' ').append(offset).append(":e").append(epochAt(offset));
            text.append('=').append(valueAt(offset));
        }
        return text.append(" | ").append(end()).append(" durable ").append(durableEnd) + "]";
    }
}
