package io.kq.client.rpc;

import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;
import io.kq.runtime.Threads;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a client: all its sockets, timers and decisions. What arrives from a socket is
 * handled where it was read, without a hand-off.
 */
public final class ClientLoop implements EventLoop {

    private static final Duration CLOSE_MAX = Duration.ofSeconds(5);

    private final String name;
    private final FaultHandler faults;
    private final EventLoopGroup group;
    private final io.netty.channel.EventLoop thread;

    private ClientLoop(String name, boolean epoll, FaultHandler faults) {
        this.name = name;
        this.faults = faults;
        IoHandlerFactory handlers = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        this.group = new MultiThreadIoEventLoopGroup(1, Threads.named(name), handlers);
        this.thread = group.next();
    }

    /** A loop on a daemon thread of its own, which starts with the first task. */
    public static ClientLoop start(String name, Transport transport, FaultHandler faults) {
        boolean epoll = transport == Transport.NATIVE && Epoll.isAvailable();
        return new ClientLoop(name, epoll, faults);
    }

    EventLoopGroup group() {
        return group;
    }

    @Override
    public void submit(Runnable task) {
        try {
            thread.execute(guarded(task));
        } catch (RejectedExecutionException closed) {
            // Dropped by contract: the loop has ended.
        }
    }

    @Override
    public Cancellable schedule(Duration delay, Runnable task) {
        try {
            Future<?> timer = thread.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> timer.cancel(false);
        } catch (RejectedExecutionException closed) {
            return () -> {};
        }
    }

    /** Runs {@code task} now if this is the loop's thread, else later on it. */
    void run(Runnable task) {
        if (isCurrent()) {
            guarded(task).run();
        } else {
            submit(task);
        }
    }

    @Override
    public boolean isCurrent() {
        return thread.inEventLoop();
    }

    @Override
    public void close() {
        Future<?> ended = group.shutdownGracefully(0, CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (!isCurrent()) {
            ended.awaitUninterruptibly(CLOSE_MAX.toMillis());
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
