package io.kq.cli.shell;

import io.kq.runtime.Threads;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C and SIGTERM. A running command says what must still happen then (flush, count); the
 * process ends when that is done, with the signal's own exit code. The handler runs on a thread of
 * its own, beside the command.
 */
public final class Interrupts {

    /** After this the process ends, whatever a handler still does. */
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch commandEnded = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final boolean armed;
    private volatile boolean requested;
    private volatile @Nullable Runnable handler;

    /**
     * For a process: signals end up here. For a test nothing is armed, {@link #fire} is the signal.
     */
    Interrupts(boolean armed) {
        this.armed = armed;
        if (armed) {
            Threads.onShutdown("kq-interrupt", this::onShutdown);
        }
    }

    /** Interrupts that only a test fires. */
    public static Interrupts manual() {
        return new Interrupts(false);
    }

    /**
     * Runs {@code task} when the user or the system asks to stop, from another thread. It returns
     * when all that must happen before the end of the process has happened. Replaces the task
     * before it.
     */
    public void onInterrupt(Runnable task) {
        handler = task;
        if (requested) {
            task.run();
        }
    }

    /** Whether a stop was asked for. Any thread. */
    public boolean requested() {
        return requested;
    }

    /**
     * Waits so long, or until a stop is asked for; a test does not wait. For commands that look
     * again and again.
     */
    public void pause(Duration time) {
        try {
            boolean ignored = armed && stopped.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw CommandFailure.local("INTERRUPTED", "interrupted", e);
        }
    }

    /** The signal. Any thread. */
    public void fire() {
        requested = true;
        stopped.countDown();
        Runnable task = handler;
        if (task != null) {
            task.run();
        }
    }

    /** The command has returned: what follows is an ordinary exit. */
    public void commandEnded() {
        commandEnded.countDown();
    }

    /**
     * Waits, not for ever, until the command has returned. For handlers that only ask it to stop.
     */
    public void awaitCommandEnd() {
        try {
            boolean ignored = commandEnded.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The process ends anyway.
        }
    }

    private void onShutdown() {
        if (commandEnded.getCount() > 0) {
            fire();
        }
    }
}
