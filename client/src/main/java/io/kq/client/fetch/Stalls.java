package io.kq.client.fetch;

import io.kq.client.metadata.StallVisitor;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The partitions that cannot be read now. Written on the loop, read on any thread: how someone who
 * waits for records learns why none come.
 */
final class Stalls {

    /**
     * Why a partition is not read.
     *
     * @param sinceNanos when it was first seen not to be
     * @param why what was met last
     */
    private record Stall(long sinceNanos, RejectedException why) {}

    private final Clock clock;
    private final Map<TopicPartition, Stall> stalls = new ConcurrentHashMap<>();

    Stalls(Clock clock) {
        this.clock = clock;
    }

    /** One more vain try: a stall begins, or goes on for this reason. */
    void failed(TopicPartition partition, RejectedException why) {
        stalls.compute(
                partition,
                (key, before) ->
                        new Stall(before == null ? clock.nanoTime() : before.sinceNanos(), why));
    }

    /** It is read, or not wanted any more. */
    void end(TopicPartition partition) {
        stalls.remove(partition);
    }

    boolean has(TopicPartition partition) {
        return stalls.containsKey(partition);
    }

    /** For how long nothing could be read; zero if it can. */
    Duration lasts(TopicPartition partition) {
        Stall stall = stalls.get(partition);
        return stall == null ? Duration.ZERO : lasts(stall);
    }

    private Duration lasts(Stall stall) {
        return Duration.ofNanos(Math.max(0, clock.nanoTime() - stall.sinceNanos()));
    }

    /** Gives each stall to {@code visitor}. */
    void visit(StallVisitor visitor) {
        stalls.forEach((partition, stall) -> visitor.onStall(partition, stall.why(), lasts(stall)));
    }

    void clear() {
        stalls.clear();
    }
}
