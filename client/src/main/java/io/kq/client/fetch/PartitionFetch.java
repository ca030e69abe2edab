package io.kq.client.fetch;

import io.kq.client.metadata.PartitionLeader;
import io.kq.protocol.TopicPartition;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One partition that is read: from where, and at which node. On the loop. */
final class PartitionFetch {

    static final int UNSUBSCRIBED = -1;

    private final TopicPartition partition;
    private final UUID topicId;
    private final long generation;

    /**
     * Where reading goes on: all before it was handed to the buffer. Never skips, never repeats.
     */
    private long nextOffset;

    /** Who led when a node was last chosen. */
    private PartitionLeader leader = PartitionLeader.NONE;

    private @Nullable FetchNode node;
    private int subscriptionId = UNSUBSCRIBED;

    /** Refusals since data last came. */
    private int failures;

    PartitionFetch(TopicPartition partition, UUID topicId, long generation, long nextOffset) {
        this.partition = partition;
        this.topicId = topicId;
        this.generation = generation;
        this.nextOffset = nextOffset;
    }

    TopicPartition partition() {
        return partition;
    }

    UUID topicId() {
        return topicId;
    }

    long generation() {
        return generation;
    }

    long nextOffset() {
        return nextOffset;
    }

    void moveTo(long offset) {
        nextOffset = offset;
        failures = 0;
    }

    PartitionLeader leader() {
        return leader;
    }

    void leaderIs(PartitionLeader now) {
        leader = now;
    }

    @Nullable FetchNode node() {
        return node;
    }

    boolean isSubscribed() {
        return subscriptionId != UNSUBSCRIBED;
    }

    int subscriptionId() {
        return subscriptionId;
    }

    /** Is read at {@code now}, or will be once that is ready. */
    void at(FetchNode now, int subscription) {
        node = now;
        subscriptionId = subscription;
    }

    void nowhere() {
        node = null;
        subscriptionId = UNSUBSCRIBED;
    }

    int failed() {
        return failures++;
    }
}
