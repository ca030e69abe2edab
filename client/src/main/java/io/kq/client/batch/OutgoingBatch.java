package io.kq.client.batch;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * One batch on its way.
 *
 * @param correlationId names this attempt; the answer carries it
 * @param bytes one RecordBatch v2; the producer's, copied by the transport within the call that
 *     takes it
 */
public record OutgoingBatch(
        long correlationId, String topic, UUID topicId, int partition, ByteBuffer bytes) {}
