package io.kq.metadata.publish;

/** A follower's end of a feed: implemented over the transport. Called on the feed's thread. */
public interface FeedListener {

    /**
     * Whether the transport takes another item without keeping it in memory for long. While false
     * nothing is sent and nothing is queued; a follower that falls behind the feed's ring gets the
     * image. Any thread.
     */
    boolean isReady();

    /** The next item. Never blocks. */
    void onItem(FeedItem item);

    /** The node stops: nothing follows. */
    void onEnd();
}
