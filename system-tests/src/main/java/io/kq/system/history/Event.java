package io.kq.system.history;

import java.util.List;

/**
 * One line of a history. Times are nanoseconds since the history began; offsets and high watermarks
 * are -1 where they are not known; a value is a {@link WrittenValue}.
 */
public sealed interface Event {

    long nanos();

    /** The first line: what the run is about. */
    record Started(long nanos, String topic, int partitions, int replicas, int minIsr)
            implements Event {}

    /** A write is about to be asked for. */
    record Sent(long nanos, long value, int partition, Acks acks) implements Event {}

    /** A write was acknowledged. Without acks the offset is -1. */
    record Acked(long nanos, long value, int partition, long offset) implements Event {}

    /** A write failed: for certain, or its outcome is unknown. */
    record Failed(long nanos, long value, int partition, boolean definite, String code)
            implements Event {}

    /** A reader starts, or goes on, at another offset. */
    record Positioned(long nanos, String reader, int partition, long offset) implements Event {}

    /**
     * Records came, at consecutive offsets from {@code first} on. What one answer gives with holes
     * is several of these.
     *
     * @param position the offset that was asked for
     * @param highWatermark as the same answer gave it
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Polled(
            long nanos,
            String reader,
            int partition,
            long position,
            long highWatermark,
            long first,
            long[] values)
            implements Event {

        public long next() {
            return first + values.length;
        }
    }

    /** A question is about to be asked; its answers carry the number. */
    record Asked(long nanos, long question) implements Event {}

    /** First or next offset of a partition, as its leader of this epoch says. */
    record OffsetTold(
            long nanos, long question, int partition, Bound bound, int leaderEpoch, long offset)
            implements Event {}

    /** A partition's state as the metadata has it. No leader is -1. */
    record StateTold(
            long nanos,
            long question,
            int partition,
            int leader,
            int leaderEpoch,
            int partitionEpoch,
            List<Integer> isr)
            implements Event {

        public StateTold {
            isr = List.copyOf(isr);
        }
    }

    /** A change of the metadata was answered. {@code code} is OK, or why not. */
    record AdminTold(
            long nanos, long question, String operation, String name, String code, boolean definite)
            implements Event {}

    /**
     * Something was done to the cluster.
     *
     * @param partitions those that the victim led, where it has a victim
     */
    record Marked(long nanos, Mark mark, String text, List<Integer> partitions) implements Event {

        public Marked {
            partitions = List.copyOf(partitions);
        }
    }

    /** When a write is acknowledged. */
    enum Acks {
        NONE,
        LEADER,
        ALL
    }

    /** Ends of what can be read. */
    enum Bound {
        LOG_START,
        HIGH_WATERMARK
    }

    /** What is marked. */
    enum Mark {
        /** A fault is about to be injected. */
        FAULT,
        /** The fault was seen to have an effect. */
        BIT,
        /** The fault is about to be undone. */
        HEALED,
        /** Writers are done; reader {@code final} reads everything. */
        FINAL
    }
}
