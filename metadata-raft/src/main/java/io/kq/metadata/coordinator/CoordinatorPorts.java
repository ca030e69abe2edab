package io.kq.metadata.coordinator;

import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a coordinator is given.
 *
 * @param log appends a batch; any failure means that the outcome is unknown. Any thread
 * @param committed with all entries that are applied on this node. Any thread
 * @param readyTerm the term in which this node leads, if it does. Any thread
 * @param decisions over the shard's groups
 * @param commitStall a coordinator whose batch is not committed for so long takes no more: another
 *     one may be at work
 */
public record CoordinatorPorts(
        EventLoop loop,
        Clock clock,
        Function<ShardBatch, CompletableFuture<AppliedEntry>> log,
        Supplier<ShardImage> committed,
        Supplier<OptionalLong> readyTerm,
        GroupDecisions decisions,
        Duration commitStall) {}
