package io.kq.runtime;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes all threads that kq starts itself: named, daemon, counted. */
public final class Threads {

    private Threads() {}

    /** Daemon threads {@code name-0}, {@code name-1}, ... */
    public static ThreadFactory named(String name) {
        AtomicInteger next = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + next.getAndIncrement());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * A fixed number of threads over one bounded queue; a full queue makes the submitter run the
     * task itself.
     */
    public static ExecutorService bounded(String name, int threadCount, int queueCapacity) {
        return new ThreadPoolExecutor(
                threadCount,
                threadCount,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(queueCapacity),
                named(name),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** Timers that run on one thread; cancelled timers are forgotten at once. */
    public static ScheduledExecutorService scheduler(String name) {
        ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1, named(name));
        scheduler.setRemoveOnCancelPolicy(true);
        scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return scheduler;
    }

    /** Runs {@code hook} when the process is asked to stop (SIGTERM, SIGINT) or ends by itself. */
    public static void onShutdown(String name, Runnable hook) {
        Runtime.getRuntime().addShutdownHook(new Thread(hook, name));
    }

    /** One thread that takes tasks in order; for background work that has no clock. */
    public static ExecutorService single(String name) {
        return Executors.newSingleThreadExecutor(named(name));
    }
}
