package io.kq.broker.stream;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One reader's stream, a client's or a follower's: subscriptions to partitions, and a credit in
 * bytes within which data is pushed as it becomes readable, round robin. Holds no data itself but
 * one unpacked batch.
 *
 * <p>Any thread may call; the work is done by whoever finds nobody else at it (a counter of work in
 * progress: the one that raises it from 0 drains until it is back at 0), so that all state below is
 * one thread's at a time and the sink sees one call at a time. An append thus serves a waiting
 * reader on its own thread, without a hand-off.
 *
 * @param <T> what a reader asks for
 */
public final class CreditedSession<T> {

    /**
     * A drain that has sent so much hands the rest to a background thread: whoever runs it has
     * other work, an append perhaps.
     */
    private static final long TURN_BYTES_MAX = 1 << 20;

    /** What a piece counts at least in that, be it empty. */
    private static final long TURN_PIECE_BYTES_MIN = 1 << 10;

    private final Opener<T> opener;
    private final Sink<T> sink;
    private final int subscriptionsMax;
    private final Executor background;

    private final Queue<Runnable> inputs = new ConcurrentLinkedQueue<>();
    private final Queue<Subscription<T>> woken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger workInProgress = new AtomicInteger();

    // What follows belongs to the drain.
    private final Map<Long, Subscription<T>> subscriptions = new HashMap<>();
    private final ArrayDeque<Subscription<T>> ready = new ArrayDeque<>();
    private long credit;
    private boolean lastInput;
    private boolean closed;
    private boolean released;

    /** Set by {@link #close}. */
    private volatile @Nullable Runnable closing;

    /**
     * A session without subscriptions.
     *
     * @param subscriptionsMax over this, a further subscription is refused: each costs memory
     * @param background takes on what a turn leaves over
     */
    public CreditedSession(
            Opener<T> opener, Sink<T> sink, int subscriptionsMax, Executor background) {
        this.opener = opener;
        this.sink = sink;
        this.subscriptionsMax = subscriptionsMax;
        this.background = background;
    }

    /**
     * Where a session puts what it has: the protocol's edge. Called by the session's drain only,
     * one call at a time, on changing threads.
     */
    public interface Sink<T> {

        /**
         * Whether the transport takes more without piling it up; if not, it drains the session
         * later.
         */
        boolean isReady();

        /** The drain has sent all that it can for now. */
        default void flush() {}

        /** The subscription is over; the stream goes on. */
        void ended(T target, RejectedException reason);

        /** Nothing more will come: the reader asked for no more. */
        void completed();

        /** A bug or a broken disk ended the session; nothing more will come. */
        void failed(RuntimeException cause);
    }

    /** Finds where the data of a subscription come from. Called by the session's drain only. */
    public interface Opener<T> {

        /**
         * A source of what {@code target} asks for.
         *
         * @param wake to be run, on any thread, when there is something new
         * @throws RejectedException the subscription ends with it
         */
        CreditedSource open(T target, Runnable wake);
    }

    /** One subscription and whether it stands in line. */
    private static final class Subscription<T> {
        private static final int WAITING = 0;
        private static final int IN_LINE = 1;

        private final long id;
        private final T target;
        private final AtomicInteger state = new AtomicInteger(IN_LINE);
        private CreditedSource source = NOTHING;

        Subscription(long id, T target) {
            this.id = id;
            this.target = target;
        }
    }

    /** Before a subscription has its source. */
    private static final CreditedSource NOTHING =
            new CreditedSource() {
                @Override
                public long sendNext(long creditBytes) {
                    return 0;
                }

                @Override
                public boolean hasNext() {
                    return false;
                }

                @Override
                public boolean isMidBatch() {
                    return false;
                }

                @Override
                public void close() {}
            };

    /** Starts a subscription; one of the same id ends. Takes effect with the next drain. */
    public void subscribe(long id, T target) {
        inputs.add(() -> start(id, target));
    }

    /** Ends a subscription, if there is one. Takes effect with the next drain. */
    public void unsubscribe(long id) {
        inputs.add(() -> stop(id));
    }

    /**
     * Adds to what may be sent; negative counts as without end. Takes effect with the next drain.
     */
    public void grant(long bytes) {
        inputs.add(
                () -> credit = bytes < 0 || credit + bytes < 0 ? Long.MAX_VALUE : credit + bytes);
    }

    /**
     * The reader will ask for nothing more: the session ends when its credit is used or its last
     * subscription is over. Takes effect with the next drain.
     */
    public void completeInput() {
        inputs.add(() -> lastInput = true);
    }

    /** Runs {@code input} in the drain, in line with the rest. Takes effect with the next drain. */
    public void submit(Runnable input) {
        inputs.add(input);
    }

    /**
     * Ends everything; the sink is not called any more.
     *
     * @param last run in the drain after all else, exactly once however often this is called
     */
    public void close(Runnable last) {
        closing = last;
        drain();
    }

    /** Does what there is to do, unless another thread is at it: then that one does it. */
    public void drain() {
        if (workInProgress.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            try {
                turn();
            } catch (RuntimeException broken) {
                fail(broken);
            }
            seen = workInProgress.addAndGet(-seen);
        } while (seen != 0);
    }

    /** Whoever drains has other work: what breaks here ends this session and nothing else. */
    private void fail(RuntimeException broken) {
        try {
            shut();
        } finally {
            sink.failed(broken);
        }
    }

    private void turn() {
        Runnable last = closing;
        if (last != null) {
            shut();
            inputs.clear();
            woken.clear();
            if (!released) {
                released = true;
                last.run();
            }
            return;
        }
        for (Runnable input = inputs.poll(); input != null; input = inputs.poll()) {
            if (!closed) {
                input.run();
            }
        }
        for (Subscription<T> s = woken.poll(); s != null; s = woken.poll()) {
            ready.add(s);
        }
        pump();
        sink.flush();
        if (lastInput && !closed && (credit <= 0 || subscriptions.isEmpty())) {
            shut();
            sink.completed();
        }
    }

    private void pump() {
        long sent = 0;
        while (!closed && mayServe()) {
            if (!sink.isReady()) {
                ready.element().source.pause();
                return;
            }
            if (sent >= TURN_BYTES_MAX) {
                background.execute(this::drain);
                return;
            }
            sent += Math.max(TURN_PIECE_BYTES_MIN, serve(ready.remove()));
        }
    }

    private boolean mayServe() {
        Subscription<T> next = ready.peek();
        return next != null && (credit > 0 || next.source.isMidLargeBatch());
    }

    private long serve(Subscription<T> subscription) {
        if (subscriptions.get(subscription.id) != subscription) {
            return 0;
        }
        CreditedSource source = subscription.source;
        long used;
        try {
            used = source.sendNext(credit);
        } catch (RejectedException reason) {
            end(subscription, reason);
            return 0;
        }
        credit -= used;
        if (source.isMidBatch()) {
            ready.addFirst(subscription);
        } else if (source.hasNext()) {
            ready.addLast(subscription);
        } else {
            // Told before it looks again: what comes in between wakes it or is seen.
            subscription.state.set(Subscription.WAITING);
            if (source.hasNext() && queued(subscription)) {
                ready.addLast(subscription);
            }
        }
        return used;
    }

    private static boolean queued(Subscription<?> subscription) {
        return subscription.state.compareAndSet(Subscription.WAITING, Subscription.IN_LINE);
    }

    /** Any thread. */
    private void wake(Subscription<T> subscription) {
        if (queued(subscription)) {
            woken.add(subscription);
            drain();
        }
    }

    private void start(long id, T target) {
        stop(id);
        if (subscriptions.size() >= subscriptionsMax) {
            sink.ended(
                    target,
                    new RejectedException(
                            ErrorCode.OVERLOADED,
                            "a stream has at most " + subscriptionsMax + " subscriptions"));
            return;
        }
        Subscription<T> subscription = new Subscription<>(id, target);
        try {
            subscription.source = opener.open(target, () -> wake(subscription));
        } catch (RejectedException reason) {
            sink.ended(target, reason);
            return;
        }
        subscriptions.put(id, subscription);
        ready.add(subscription);
    }

    private void stop(long id) {
        Subscription<T> old = subscriptions.remove(id);
        if (old != null) {
            old.source.close();
        }
    }

    private void end(Subscription<T> subscription, RejectedException reason) {
        stop(subscription.id);
        sink.ended(subscription.target, reason);
    }

    private void shut() {
        closed = true;
        subscriptions.values().forEach(s -> s.source.close());
        subscriptions.clear();
        ready.clear();
    }
}
