/**
 * What a partition's follower decides, as pure values: {@code step(state, input, now) -> (state,
 * effects)}: what to subscribe to, what to cut, what to take, what to acknowledge. Entry type:
 * {@link io.kq.broker.partition.core.follower.FollowerCore}. Numbers in comments are those of the
 * rules in docs/internals/replication.md. No thread, lock, clock, chance or I/O: the shell steps it
 * under the partition's lock, a simulator steps it by hand. May call {@code java.util} only.
 */
@NullMarked
package io.kq.broker.partition.core.follower;

import org.jspecify.annotations.NullMarked;
