/**
 * The data of a node's partition replicas. Entry types: {@link io.kq.log.LogStore} (all of them, in
 * one data directory or several), {@link io.kq.log.PartitionLog} (one partition's log). Appends run
 * under the lock of the caller that owns the partition; reads on any thread. The segments are the
 * truth, the index beside them can always be rebuilt. May call {@code protocol}, {@code runtime};
 * its rooms ({@code segment}, {@code index}, {@code recovery}, {@code producer}, {@code disk},
 * {@code io}) never call back.
 */
@NullMarked
package io.kq.log;

import org.jspecify.annotations.NullMarked;
