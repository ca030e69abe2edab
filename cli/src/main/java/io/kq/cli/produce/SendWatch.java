package io.kq.cli.produce;

import io.kq.cli.shell.Session;
import io.kq.cli.shell.StallNotices;
import io.kq.client.KqProducer;
import io.kq.runtime.Threads;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Looks, beside the run, at partitions that acknowledge nothing, and says so to whoever waits: a
 * record is tried again for two minutes before it fails. On a thread of its own.
 */
final class SendWatch implements AutoCloseable {

    private static final long LOOK_MILLIS = 500;

    private final ScheduledExecutorService thread = Threads.scheduler("kq-produce-watch");
    private final KqProducer producer;
    private final StallNotices notices;

    SendWatch(Session session, KqProducer producer) {
        this.producer = producer;
        this.notices = StallNotices.ofWriting(session);
    }

    void start() {
        var unused =
                thread.scheduleWithFixedDelay(
                        this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        notices.tell(producer.stalls());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
