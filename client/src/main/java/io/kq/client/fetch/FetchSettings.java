package io.kq.client.fetch;

/**
 * What the rooms of the consumer need to know.
 *
 * @param partitionBytesMax data of one partition in one message
 * @param prefetchBytesMax data on its way or waiting to be polled, over all nodes
 */
public record FetchSettings(int partitionBytesMax, long prefetchBytesMax, Reset reset) {

    /** What follows when a position no longer exists. */
    public enum Reset {
        EARLIEST,
        LATEST,
        NONE
    }
}
