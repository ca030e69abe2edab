/**
 * The leader's end of replication streams: what followers are pushed, within the credit they grant.
 * Entry type: {@link io.kq.broker.replication.ReplicaSession}. Decides nothing (that is {@code
 * partition.core.leader}), knows no word of gRPC ({@code rpc.replica} is its edge). May call {@code
 * broker.partition}, {@code broker.stream}, {@code log}, {@code protocol}.
 */
@NullMarked
package io.kq.broker.replication;

import org.jspecify.annotations.NullMarked;
