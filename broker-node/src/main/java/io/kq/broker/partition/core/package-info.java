/**
 * What a partition's leader decides, as pure values: {@code step(state, input) -> (state,
 * effects)}. Entry type: {@link io.kq.broker.partition.core.PartitionCore}. No thread, lock, clock,
 * chance or I/O: the shell ({@code broker.partition}) steps it under the partition's lock, a
 * simulator steps it by hand. May call {@code java.util} only.
 */
@NullMarked
package io.kq.broker.partition.core;

import org.jspecify.annotations.NullMarked;
