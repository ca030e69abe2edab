package io.kq.client;

/**
 * Where a sent record is.
 *
 * @param offset -1 with acks=none
 */
public record RecordMetadata(String topic, int partition, long offset, long timestampMillis) {}
