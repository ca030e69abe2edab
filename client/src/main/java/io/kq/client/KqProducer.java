package io.kq.client;

import io.kq.protocol.TopicPartition;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Sends records. Any number of threads. Order: records of one partition are written in the order of
 * the {@code send} calls of one thread, also over retries; with idempotence (the default) each
 * exactly once.
 */
public interface KqProducer extends AutoCloseable {

    /**
     * Starts a producer. Does not wait for the cluster.
     *
     * @throws io.kq.protocol.RejectedException INVALID_ARGUMENT if an address is malformed
     */
    static KqProducer open(ClientConfig client, ProducerConfig config) {
        return new ProducerClient(client, config);
    }

    /**
     * Takes a record for sending. Returns at once unless the buffer is full or the topic is not
     * known yet (at most {@code blockMax}).
     *
     * @return completes on the acknowledgement; fails with {@link
     *     io.kq.protocol.RejectedException}. The call itself never throws one.
     */
    CompletableFuture<RecordMetadata> send(ProducerRecord record);

    /** Sends everything now and waits until each send has completed, well or not. */
    void flush();

    /**
     * Partitions that have not acknowledged a record for some seconds, and why, as far as that was
     * met: what is tried again until the delivery timeout. Waits for the producer's thread; not to
     * be called on it.
     */
    Map<TopicPartition, Stall> stalls();

    /**
     * Number of partitions of a topic. @throws io.kq.protocol.RejectedException TOPIC_NOT_FOUND,
     * UNREACHABLE
     */
    int partitionCount(String topic);

    /** Flushes, then frees everything. Sends after it fail. */
    @Override
    void close();
}
