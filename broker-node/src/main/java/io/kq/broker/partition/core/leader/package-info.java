/**
 * What a partition's leader decides, as pure values: {@code step(state, input, now) -> (state,
 * effects)}: what is committed, who is answered, whose subscription is taken, who should be in the
 * ISR. Entry type: {@link io.kq.broker.partition.core.leader.LeaderCore}. Numbers in comments are
 * those of the rules in docs/internals/replication.md. No thread, lock, clock, chance or I/O: the
 * shell ({@code broker.partition}) steps it under the partition's lock, a simulator steps it by
 * hand. May call {@code java.util} only.
 */
@NullMarked
package io.kq.broker.partition.core.leader;

import org.jspecify.annotations.NullMarked;
