package io.kq.broker.rpc;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one piece of work that somebody does who may change in between: again, after a
 * pause, while nobody does it. One try at a time, so no lock. What is tried must be harmless when
 * done twice.
 */
public final class Attempts<A> {

    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Stops this long before the caller's time is over, so that it hears what was wrong. */
    private static final Duration MARGIN = Duration.ofMillis(100);

    private final Function<Duration, CompletableFuture<A>> work;
    private final EventLoop timers;
    private final Clock clock;
    private final long deadlineNanos;
    private final CompletableFuture<A> result = new CompletableFuture<>();

    /** Whether all tries so far certainly did nothing. */
    private boolean definite = true;

    private Attempts(
            Function<Duration, CompletableFuture<A>> work,
            EventLoop timers,
            Clock clock,
            long deadlineNanos) {
        this.work = work;
        this.timers = timers;
        this.clock = clock;
        this.deadlineNanos = deadlineNanos;
    }

    /**
     * Tries until it is decided, or the time is over.
     *
     * @param work one try, told how much time is left
     * @param timers where pauses end
     */
    public static <A> CompletableFuture<A> within(
            Duration time,
            Function<Duration, CompletableFuture<A>> work,
            EventLoop timers,
            Clock clock) {
        Attempts<A> attempts =
                new Attempts<>(work, timers, clock, clock.nanoTime() + time.toNanos());
        attempts.next();
        return attempts.result;
    }

    private void next() {
        Duration left = Duration.ofNanos(Math.max(1, deadlineNanos - clock.nanoTime()));
        CompletableFuture<A> attempt;
        try {
            attempt = work.apply(left);
        } catch (RuntimeException e) {
            attempt = CompletableFuture.failedFuture(e);
        }
        var unused =
                attempt.whenComplete(
                        (answer, failure) -> {
                            if (failure == null) {
                                result.complete(answer);
                            } else {
                                failed(failure);
                            }
                        });
    }

    private void failed(Throwable failure) {
        RejectedException why = rejection(failure);
        if (why == null) {
            result.completeExceptionally(failure);
            return;
        }
        definite &= why.definite();
        boolean timeLeft = deadlineNanos - clock.nanoTime() > PAUSE.plus(MARGIN).toNanos();
        if (!isWorthAnotherTry(why.code())) {
            // Decided: with the same request id an earlier try cannot have had another outcome.
            result.completeExceptionally(why);
        } else if (timeLeft) {
            timers.schedule(PAUSE, this::next);
        } else {
            result.completeExceptionally(definite ? why : why.indefinite());
        }
    }

    private boolean isWorthAnotherTry(ErrorCode code) {
        return switch (code) {
            case NOT_CONTROLLER, NOT_COORDINATOR, UNREACHABLE, NOT_READY, QUORUM_LOST -> true;
            default -> false;
        };
    }

    private @Nullable RejectedException rejection(Throwable failure) {
        RejectedException why = RejectionCodec.fromThrowable(failure);
        boolean bug = why.code() == ErrorCode.INTERNAL && !isRejection(failure);
        return bug ? null : why;
    }

    private boolean isRejection(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof RejectedException) {
                return true;
            }
        }
        return false;
    }
}
