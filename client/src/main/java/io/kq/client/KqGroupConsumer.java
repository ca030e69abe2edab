package io.kq.client;

import io.kq.client.group.AssignmentListener;
import io.kq.client.group.GroupConfig;
import io.kq.client.group.GroupOffset;
import io.kq.client.group.Subscription;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * A member of a consumer group: reads the partitions that are its share, from where the group has
 * come to. Partitions come and go within {@link #poll}; those that stay are read on without a
 * pause.
 *
 * <p>{@link #poll} throws besides: FENCED_MEMBER_EPOCH if another process joined as the same static
 * member; OFFSET_OUT_OF_RANGE if the group has no position in a partition and {@code reset} is
 * {@code NONE}; what the coordinator refuses the group or the subscription with.
 */
public interface KqGroupConsumer extends KqReader {

    /**
     * Starts a member. Does not wait for the cluster; joins with {@link #subscribe}.
     *
     * @param config its {@code reset} tells where a partition is read that the group has not come
     *     to yet, and what follows when its position no longer exists
     * @throws RejectedException INVALID_ARGUMENT if an address is malformed
     */
    static KqGroupConsumer open(ClientConfig client, ConsumerConfig config, GroupConfig group) {
        return new GroupConsumerClient(client, config, group);
    }

    /** Joins the group, or wants something else to read. */
    void subscribe(Subscription subscription, AssignmentListener listener);

    /** The same without a listener. */
    default void subscribe(Subscription subscription) {
        subscribe(subscription, AssignmentListener.NONE);
    }

    /** What is read now. */
    Set<TopicPartition> assignment();

    /**
     * Commits all positions: all records that {@link #poll} has given. Waits until it is safe.
     *
     * @throws RejectedException FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER: a partition is another
     *     member's, or may be; DEADLINE_EXCEEDED (indefinite)
     */
    void commit();

    /** The same with these offsets, for partitions of the assignment. */
    void commit(Map<TopicPartition, GroupOffset> offsets);

    /** The same without waiting. What is said later is never overtaken. */
    CompletableFuture<Void> commitAsync();

    /** The same with these offsets. */
    CompletableFuture<Void> commitAsync(Map<TopicPartition, GroupOffset> offsets);

    /** Why it is not in its group now, though it tries; empty: it is. Any thread. */
    Optional<RejectedException> trouble();

    /** Commits (if it does so by itself), leaves, and frees everything. */
    @Override
    void close();
}
