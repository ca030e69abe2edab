/**
 * The partitions that this node stores: appends, reads, acknowledgements, and who leads. kq's own
 * asynchronous API to the data, without a word of gRPC: the gRPC edge ({@code broker.rpc.log}) is
 * thin over it, and other protocols can be. Entry types: {@link
 * io.kq.broker.partition.PartitionRegistry} (which partitions are here, who leads the others),
 * {@link io.kq.broker.partition.PartitionLeader} (append and read). Data is pushed to readers by
 * {@code broker.fetch}.
 *
 * <p>Threads: appends run on the caller's thread under the partition's lock; what they set free
 * (answers, waiting readers) runs on the same thread once the lock is released. Logs are opened and
 * deleted on threads of the registry. May call {@code log}, {@code metadata}, {@code protocol},
 * {@code runtime}, and its room {@code core}.
 */
@NullMarked
package io.kq.broker.partition;

import org.jspecify.annotations.NullMarked;
