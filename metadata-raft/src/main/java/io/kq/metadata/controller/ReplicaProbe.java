package io.kq.metadata.controller;

import io.kq.metadata.image.BrokerImage;
import io.kq.protocol.TopicIdPartition;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * How the controller finds out where the logs of a broker's replicas end. Implemented over the node
 * port.
 */
@FunctionalInterface
public interface ReplicaProbe {

    /**
     * Asks a broker once. Any thread; never blocks.
     *
     * @return in the order of {@code replicas}; empty: the log is not open, or damaged. Fails if
     *     the broker does not answer, or is another incarnation than the image says
     */
    CompletableFuture<List<Optional<End>>> describe(
            BrokerImage broker, List<TopicIdPartition> replicas);

    /**
     * Where a log ends.
     *
     * @param lastEpoch leader epoch of its last batch, -1: it is empty
     */
    record End(int lastEpoch, long endOffset) {}
}
