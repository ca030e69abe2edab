package io.kq.broker.partition.follower;

import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;

/**
 * Ways to the leaders. Implemented over the node port. Any thread, never under a replica's lock;
 * must not block, and must not call the follower back before it returns.
 */
public interface LeaderLinks {

    /** Answered by {@link Follower#pushed}, {@code diverged} or {@code lost}. */
    void subscribe(Follower follower, Subscribe asked);

    /** Nothing more is wanted of it; unknown ones count as over. */
    void unsubscribe(Follower follower, Unsubscribe over);

    /** Sent soon, together with others; of several for a subscription the last counts. */
    void acknowledge(Follower follower, Acknowledge said);
}
