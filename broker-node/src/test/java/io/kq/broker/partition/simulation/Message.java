package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.leader.Refusal;
import java.util.List;

/** What replicas say to each other on a replication stream. */
public sealed interface Message {

    int partition();

    /** A follower wants the log from its end on. */
    record Subscribe(
            int partition,
            int leaderEpoch,
            long brokerEpoch,
            long generation,
            long endOffset,
            int lastEpoch)
            implements Message {}

    /** A follower wants nothing more. */
    record Unsubscribe(int partition, long generation) implements Message {}

    /** A follower says how far it has the log. */
    record Progress(
            int partition,
            int leaderEpoch,
            long brokerEpoch,
            long generation,
            long endOffset,
            boolean failed)
            implements Message {}

    /** A record as it is in the leader's log. */
    record Copied(int epoch, long value) {}

    /**
     * A leader pushes what it has.
     *
     * @param damaged the bytes are not those that were sent
     */
    record Batches(
            int partition,
            long generation,
            int leaderEpoch,
            long highWatermark,
            long logStart,
            long baseOffset,
            List<Copied> records,
            boolean damaged)
            implements Message {
        public Batches {
            records = List.copyOf(records);
        }

        /** The same, as a bad network delivers it. */
        public Batches asDamaged() {
            return new Batches(
                    partition,
                    generation,
                    leaderEpoch,
                    highWatermark,
                    logStart,
                    baseOffset,
                    records,
                    true);
        }
    }

    /** A leader's log is another one from some point on. */
    record Diverged(int partition, long generation, int leaderEpoch, int epoch, long endOffset)
            implements Message {}

    /** A leader ends a subscription. */
    record Refused(int partition, long generation, Refusal reason) implements Message {}
}
