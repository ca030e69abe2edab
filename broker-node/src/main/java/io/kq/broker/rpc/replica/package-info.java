/**
 * Replication over the node port: {@code kq.internal.v1.ReplicationService} at the leader's end,
 * and the streams to leaders at the follower's. Thin edges over {@code broker.replication} and
 * {@code broker.partition.follower}.
 */
@NullMarked
package io.kq.broker.rpc.replica;

import org.jspecify.annotations.NullMarked;
