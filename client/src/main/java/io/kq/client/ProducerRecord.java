package io.kq.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to be sent. Byte arrays belong to the producer until the send completes and must not be
 * changed.
 *
 * @param partition -1: by the key's murmur2 hash as Kafka's default partitioner, round robin
 *     without a key
 * @param timestampMillis -1: now
 */
@SuppressWarnings("ArrayRecordComponent")
public record ProducerRecord(
        String topic,
        int partition,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RecordHeader> headers,
        long timestampMillis) {

    public ProducerRecord {
        headers = List.copyOf(headers);
    }

    /** Without a key. */
    public static ProducerRecord of(String topic, byte[] value) {
        return new ProducerRecord(topic, -1, null, value, List.of(), -1);
    }

    /** With a key: all records of one key land in one partition, in order. */
    public static ProducerRecord of(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord(topic, -1, key, value, List.of(), -1);
    }

    /** To a partition that the caller has chosen. */
    public static ProducerRecord to(
            String topic, int partition, byte @Nullable [] key, byte @Nullable [] value) {
        return new ProducerRecord(topic, partition, key, value, List.of(), -1);
    }
}
