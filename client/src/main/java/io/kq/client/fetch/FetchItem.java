package io.kq.client.fetch;

import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.nio.ByteBuffer;

/** What the loop has for the thread that polls, per partition in order. */
sealed interface FetchItem {

    TopicPartition partition();

    /** Of the position it belongs to: after a seek, older ones are of no interest. */
    long generation();

    /** Batches; their size is given back to {@code from} when they are done with. */
    record Batches(
            TopicPartition partition,
            long generation,
            ByteBuffer bytes,
            int sizeBytes,
            long nextOffset,
            FetchNode from)
            implements FetchItem {}

    /** Reading goes on elsewhere, by the reset policy. */
    record Jump(TopicPartition partition, long generation, long offset) implements FetchItem {}

    /** Reading has ended. */
    record Failure(TopicPartition partition, long generation, RejectedException why)
            implements FetchItem {}
}
