package io.kq.metadata.publish;

/** The sender's handle on one follower. Any thread. */
public interface FeedSubscription extends AutoCloseable {

    /** The transport became ready again: sending goes on. */
    void resume();

    /** Nothing more is sent. Idempotent. */
    @Override
    void close();
}
