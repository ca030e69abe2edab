package io.kq.client.fetch;

import java.time.Duration;

/**
 * What the rooms of the consumer need to know.
 *
 * @param partitionBytesMax data of one partition in one message
 * @param prefetchBytesMax data on its way or waiting to be polled, over all nodes
 * @param faultMax for how long another leader is hoped for where the present one has a broken disk
 *     or damaged data
 */
public record FetchSettings(
        int partitionBytesMax, long prefetchBytesMax, Reset reset, Duration faultMax) {

    /** What follows when a position no longer exists. */
    public enum Reset {
        EARLIEST,
        LATEST,
        NONE
    }
}
