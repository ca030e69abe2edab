package io.kq.client.batch;

import io.kq.protocol.record.CompressionCodec;
import java.time.Duration;

/**
 * What the rooms of the producer need to know.
 *
 * @param linger longest wait of a batch that is not full while others are in flight
 * @param batchBytesMax size at which a batch is full
 * @param bufferBytesMax bound of all records that are not done
 * @param blockMax longest wait for room or for a topic
 * @param deliveryTimeout age at which a batch that is not done fails
 * @param requestTimeout a batch that is not answered after this, and a little, is lost
 */
public record ProducerSettings(
        AckMode acks,
        boolean idempotent,
        Duration linger,
        int batchBytesMax,
        long bufferBytesMax,
        Duration blockMax,
        Duration deliveryTimeout,
        Duration requestTimeout,
        CompressionCodec codec) {

    /**
     * Largest batch that any node's transport takes: its bound of one message is 4 MiB, and the
     * fields beside the batch need some of it.
     */
    public static final int TRANSPORT_BYTES_MAX = 4 * 1024 * 1024 - 4096;

    /**
     * Batches of one partition that may be unanswered. With idempotence as many as a broker
     * remembers per producer; without it one, for a retry must not pass a later batch.
     */
    int inFlightMax() {
        return switch (acks) {
            case ALL -> idempotent ? 5 : 1;
            case LEADER -> 1;
            case NONE -> Integer.MAX_VALUE;
        };
    }
}
