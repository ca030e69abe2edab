package io.kq.broker.partition.follower;

import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchBytes;
import java.util.List;

/** Who subscribes to a leader, as the stream to it sees him. Any thread. */
public interface Follower {

    TopicPartition partition();

    /** By the id of its topic: a topic made anew under the same name has another one. */
    TopicIdPartition id();

    /**
     * The leader pushed.
     *
     * @param batches in order, valid during the call only
     */
    void pushed(
            long generation,
            int leaderEpoch,
            long highWatermark,
            long logStartOffset,
            List<BatchBytes> batches);

    /** The leader's log is another one from some point on; the subscription is over. */
    void diverged(long generation, int leaderEpoch, int epoch, long endOffset);

    /** The leader ended the subscription, or cannot be reached. */
    void lost(long generation);
}
