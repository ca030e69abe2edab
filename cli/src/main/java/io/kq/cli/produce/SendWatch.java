package io.kq.cli.produce;

import io.kq.cli.shell.Session;
import io.kq.cli.shell.StallNotices;
import io.kq.client.KqProducer;
import io.kq.client.Stall;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Threads;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks, beside the run, at partitions that acknowledge nothing, and says so to whoever waits: a
 * record is tried again for two minutes before it fails. On a thread of its own.
 */
final class SendWatch implements AutoCloseable {

    private static final long LOOK_MILLIS = 500;

    private final ScheduledExecutorService thread = Threads.scheduler("kq-produce-watch");
    private final KqProducer producer;
    private final LongSupplier acknowledged;
    private final StallNotices notices;

    /** As of the last look. Watch's thread. */
    private long acknowledgedBefore;

    /**
     * Says nothing before it is started.
     *
     * @param acknowledged how many records have been so far. Any thread
     */
    SendWatch(Session session, KqProducer producer, LongSupplier acknowledged) {
        this.producer = producer;
        this.acknowledged = acknowledged;
        this.notices = StallNotices.ofWriting(session);
    }

    void start() {
        var unused =
                thread.scheduleWithFixedDelay(
                        this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        Map<TopicPartition, Stall> stalls = producer.stalls();
        long now = acknowledged.getAsLong();
        notices.tell(stalls, now > acknowledgedBefore);
        acknowledgedBefore = now;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
