package io.kq.broker.replication;

import io.kq.log.slice.LogSlice;
import io.kq.protocol.RejectedException;
import org.jspecify.annotations.Nullable;

/**
 * Where a follower's stream puts what it has: the protocol's edge. Called by the session's drain
 * only, one call at a time, on changing threads; may gather what it is given until {@link #flush}.
 */
public interface ReplicaSink {

    /** Whether the transport takes more without piling it up; if not, it drains later. */
    boolean isReady();

    /**
     * Sends what is new.
     *
     * @param slice whole batches, taken over and closed exactly once, also on failure; null if only
     *     the watermarks moved
     */
    void push(ReplicaFeed feed, @Nullable LogSlice slice, long highWatermark, long logStartOffset);

    /**
     * The follower's log is another one from some point on; its subscription is over.
     *
     * @param epoch the largest in the leader's log that is not above the follower's last one
     * @param endOffset where it ends
     */
    void diverged(ReplicaFeed feed, int epoch, long endOffset);

    /** A subscription is over, or was not taken. */
    void ended(long id, RejectedException reason);

    /** The drain has given all that it can for now. */
    void flush();

    /** A bug or a broken disk ended the session; nothing more will come. */
    void failed(RuntimeException cause);
}
