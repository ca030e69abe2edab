package io.kq.client;

import java.time.Duration;

/**
 * How a producer batches and what an acknowledgement means.
 *
 * @param acks when a send is acknowledged
 * @param idempotent retries never write twice; with {@link Acks#ALL} only
 * @param linger how long a batch waits for more records while others are in flight
 * @param batchBytesMax size at which a batch is sent at once
 * @param bufferBytesMax records that wait to be sent; a full buffer makes {@code send} wait
 * @param blockMax how long {@code send} waits for room or for metadata
 * @param deliveryTimeout after it a send that is not acknowledged fails
 * @param compression of batches
 */
public record ProducerConfig(
        Acks acks,
        boolean idempotent,
        Duration linger,
        int batchBytesMax,
        long bufferBytesMax,
        Duration blockMax,
        Duration deliveryTimeout,
        Compression compression) {

    public ProducerConfig {
        if (idempotent && acks != Acks.ALL) {
            throw new IllegalArgumentException("an idempotent producer needs acks=all");
        }
        linger = Waits.bounded("linger", linger);
        blockMax = Waits.bounded("blockMax", blockMax);
        deliveryTimeout = Waits.bounded("deliveryTimeout", deliveryTimeout);
    }

    /** When a send is acknowledged. */
    public enum Acks {
        NONE,
        LEADER,
        ALL
    }

    /** Codecs of batches. */
    public enum Compression {
        NONE,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD
    }

    /**
     * acks=all, idempotent, no linger, 256 KiB batches, 32 MiB buffer, 60 s to block, 120 s to
     * deliver, no compression.
     */
    public static ProducerConfig defaults() {
        return new ProducerConfig(
                Acks.ALL,
                true,
                Duration.ZERO,
                256 * 1024,
                32L * 1024 * 1024,
                Duration.ofSeconds(60),
                Duration.ofSeconds(120),
                Compression.NONE);
    }
}
