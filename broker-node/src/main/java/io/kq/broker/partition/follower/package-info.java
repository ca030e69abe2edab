/**
 * The shell of a follower: steps {@code partition.core.follower} and does what it says. Entry type:
 * {@link io.kq.broker.partition.follower.PartitionFollower}. Decides nothing, knows no word of
 * gRPC; streams to leaders are {@link io.kq.broker.partition.follower.LeaderLinks}, files those of
 * {@link io.kq.broker.partition.follower.FollowerFiles}.
 *
 * <p>Threads: what a leader pushes is appended on the thread that received it, under the replica's
 * lock; cuts run where the files' work runs. May call {@code log}, {@code protocol}, {@code
 * runtime}, {@code partition.core.follower} and {@code partition.ack}.
 */
@NullMarked
package io.kq.broker.partition.follower;

import org.jspecify.annotations.NullMarked;
