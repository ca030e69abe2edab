package io.kq.system.driver;

import io.kq.runtime.Threads;
import io.kq.system.driver.rpc.WireProbe;
import io.kq.system.driver.rpc.WireProbe.Told;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Bound;
import io.kq.system.history.HistoryWriter;
import io.kq.system.history.WrittenValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks one node after the other, also those that do not lead, for high watermarks and log starts,
 * and reads a little of each partition as it is on the wire. One thread.
 */
final class OffsetWatch implements AutoCloseable {

    private static final String READER = "wire";
    private static final Duration EVERY = Duration.ofMillis(150);
    private static final Duration BOUND = Duration.ofSeconds(1);

    private final Plan plan;
    private final HistoryWriter history;
    private final AtomicLong questions;
    private final List<WireProbe> probes;
    private final long[] nexts;
    private final ScheduledExecutorService thread = Threads.scheduler("offset-watch");
    private int turns;

    OffsetWatch(Plan plan, HistoryWriter history, AtomicLong questions) {
        this.plan = plan;
        this.history = history;
        this.questions = questions;
        nexts = new long[plan.partitions()];
        probes =
                plan.bootstrap().stream()
                        .map(address -> new WireProbe(address, plan.topic(), BOUND))
                        .toList();
    }

    void start() {
        for (int partition = 0; partition < nexts.length; partition++) {
            int p = partition;
            history.write(t -> new Event.Positioned(t, READER, p, 0));
        }
        var unused =
                thread.scheduleWithFixedDelay(
                        this::turn, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void turn() {
        WireProbe probe = probes.get(turns++ % probes.size());
        ask(probe);
        read(probe, turns % nexts.length);
    }

    /** Asks each node once; the highest high watermark of each partition that is told. */
    Map<Integer, Long> askAll() {
        Map<Integer, Long> highest = new HashMap<>();
        for (WireProbe probe : probes) {
            for (Told told : ask(probe)) {
                if (!told.earliest()) {
                    highest.merge(told.partition(), told.offset(), Math::max);
                }
            }
        }
        return highest;
    }

    private List<Told> ask(WireProbe probe) {
        long question = questions.incrementAndGet();
        history.write(t -> new Event.Asked(t, question));
        List<Told> answers = probe.offsets(plan.partitions());
        for (Told told : answers) {
            history.write(
                    t ->
                            new Event.OffsetTold(
                                    t,
                                    question,
                                    told.partition(),
                                    told.earliest() ? Bound.LOG_START : Bound.HIGH_WATERMARK,
                                    told.leaderEpoch(),
                                    told.offset()));
        }
        return answers;
    }

    private void read(WireProbe probe, int partition) {
        long position = nexts[partition];
        for (WireProbe.Read read : probe.read(partition, position)) {
            long[] values =
                    read.values().stream()
                            .mapToLong(bytes -> WrittenValue.read(bytes, partition))
                            .toArray();
            nexts[partition] = read.first() + values.length;
            history.write(
                    t ->
                            new Event.Polled(
                                    t,
                                    READER,
                                    partition,
                                    position,
                                    read.highWatermark(),
                                    read.first(),
                                    values));
        }
    }

    /** Ends the thread; what it is in is finished. */
    void finish() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("the offset watch does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        probes.forEach(WireProbe::close);
    }
}
