package io.kq.client;

import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads records of the partitions that it has, however it came to them. One thread at a time,
 * except {@link #wakeup} and where a method says so.
 */
public interface KqReader extends AutoCloseable {

    /** Goes on elsewhere in an assigned partition. */
    void seek(TopicPartition partition, KqConsumer.Position position);

    void pause(Set<TopicPartition> partitions);

    void resume(Set<TopicPartition> partitions);

    /** Offset of the next record that {@link #poll} gives for the partition. */
    long position(TopicPartition partition);

    /** First and next offset of a partition now: [log start, high watermark). */
    Map<TopicPartition, KqConsumer.Range> offsets(Set<TopicPartition> partitions);

    /**
     * Records that arrived, in order per partition; waits for the first one at most {@code
     * timeout}; may be empty. Leader changes and lost nodes are retried inside, without an end:
     * {@link #stalls} tells of them.
     *
     * @throws RejectedException TOPIC_NOT_FOUND (deleted meanwhile), OFFSET_OUT_OF_RANGE,
     *     CORRUPT_BATCH; STORAGE_FAULT if the leader's disk is broken or its data are damaged, at
     *     once where there is no other replica, else after the client's request timeout. All
     *     records before were given; thrown again each time, until the partition is sought (also to
     *     where it is: to try again), paused or no longer assigned
     */
    List<ConsumerRecord> poll(Duration timeout);

    /**
     * Assigned partitions that cannot be read now, and why: what {@link #poll} is silent about
     * while it goes on trying. Without those that it throws for. Any thread.
     */
    Map<TopicPartition, Stall> stalls();

    /** Makes the current or next {@link #poll} return at once. Any thread. */
    void wakeup();

    @Override
    void close();
}
