package io.kq.metadata.publish;

/** Serves the agreed state to nodes that are not voters. Any thread. */
public interface MetadataFeed {

    /**
     * Starts sending: the batches after {@code lastIndex} if the ring still holds them, else the
     * image in parts and then batches; heartbeats in between, every 500 ms.
     *
     * @param lastIndex of the follower's image, -1: it has none
     * @param lastTerm of the follower's image
     */
    FeedSubscription follow(long lastIndex, long lastTerm, FeedListener listener);
}
