package io.kq.broker.rpc.log;

import io.kq.broker.partition.PartitionLeader;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One partition within one call: batches whose answers must keep their order, whichever way each of
 * them gets its outcome, and the leader that the last one went to.
 */
final class ProduceLane {

    /** Added to by the call's event loop, taken from by whoever sends. */
    private final Queue<PendingBatch> waiting = new ConcurrentLinkedQueue<>();

    /** Of the call's event loop. */
    private @Nullable PartitionLeader leader;

    void add(PendingBatch batch) {
        waiting.add(batch);
    }

    /** The first batch, if it has its outcome; taken out. */
    @Nullable PendingBatch pollDone() {
        PendingBatch first = waiting.peek();
        return first != null && first.isDone() ? waiting.poll() : null;
    }

    /** Whether the leader of the last batch is one for a batch of {@code topicId} too. */
    boolean leads(@Nullable UUID topicId) {
        PartitionLeader known = leader;
        return known != null
                && known.isLeading()
                && (topicId == null || topicId.equals(known.topicId()));
    }

    /** The leader of the last batch; there is one if it {@link #leads}. */
    PartitionLeader leader() {
        PartitionLeader known = leader;
        if (known == null) {
            throw new IllegalStateException("no leader yet");
        }
        return known;
    }

    void setLeader(PartitionLeader found) {
        leader = found;
    }
}
