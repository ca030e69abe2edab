package io.kq.runtime;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An event loop on one daemon thread. */
final class ThreadEventLoop implements EventLoop {

    private final String name;
    private final FaultHandler faults;
    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread;

    ThreadEventLoop(String name, FaultHandler faults) {
        this.name = name;
        this.faults = faults;
        this.thread = Thread.currentThread();
        this.executor =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread made = new Thread(task, name);
                            made.setDaemon(true);
                            thread = made;
                            return made;
                        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        executor.prestartCoreThread();
    }

    @Override
    public void submit(Runnable task) {
        try {
            executor.execute(guarded(task));
        } catch (RejectedExecutionException closed) {
            // Dropped by contract: the loop has ended.
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            Future<?> timer =
                    executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void close() {
        executor.getQueue().clear();
        executor.shutdown();
        if (isCurrent()) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
                faults.onFault("event loop " + name, new IllegalStateException("does not end"));
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                executor.shutdownNow();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable bug) {
                faults.onFault("event loop " + name, bug);
            }
        };
    }
}
