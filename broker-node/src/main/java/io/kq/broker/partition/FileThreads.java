package io.kq.broker.partition;

import io.kq.runtime.Threads;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where logs are opened, cut and deleted: a few threads, since all of it blocks. */
final class FileThreads implements Executor, AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(FileThreads.class);

    private static final int COUNT = 4;
    private static final int QUEUE_MAX = 100_000;

    private final ExecutorService threads = Threads.bounded("kq-partition-files", COUNT, QUEUE_MAX);

    @Override
    public void execute(Runnable work) {
        threads.execute(work);
    }

    /** Finishes what was begun, for a minute at most. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                LOGGER.warn("Opening or deleting logs takes more than a minute, not waiting on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
