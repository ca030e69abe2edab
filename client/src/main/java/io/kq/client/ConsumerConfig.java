package io.kq.client;

/**
 * How a consumer fetches.
 *
 * @param partitionBytesMax data of one partition in one message
 * @param prefetchBytesMax data on its way or waiting for {@code poll}: the credit granted to the
 *     brokers
 * @param reset what follows when a position no longer exists
 */
public record ConsumerConfig(int partitionBytesMax, long prefetchBytesMax, Reset reset) {

    /** What follows when a position no longer exists. */
    public enum Reset {
        EARLIEST,
        LATEST,
        /** {@code poll} fails with OFFSET_OUT_OF_RANGE. */
        NONE
    }

    /** 64 KiB a message, 4 MiB ahead, and no silent jump. */
    public static ConsumerConfig defaults() {
        return new ConsumerConfig(64 * 1024, 4L * 1024 * 1024, Reset.NONE);
    }
}
