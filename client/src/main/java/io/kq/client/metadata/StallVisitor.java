package io.kq.client.metadata;

import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;

/** Given each partition that cannot be read, or written, now. */
@FunctionalInterface
public interface StallVisitor {

    /**
     * One of them.
     *
     * @param why what was met last
     * @param lasts since it was first seen
     */
    void onStall(TopicPartition partition, RejectedException why, Duration lasts);
}
