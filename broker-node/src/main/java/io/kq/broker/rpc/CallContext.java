package io.kq.broker.rpc;

import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the headers of the current call say. Read on the thread that a service is called on. */
public final class CallContext {

    /** Set by the guard if a node forwarded the call: it must not be forwarded again. */
    public static final Context.Key<String> FORWARDED = Context.key("kq-forwarded");

    private CallContext() {}

    /** Whether another node forwarded this call. */
    public static boolean isForwarded() {
        return FORWARDED.get() != null;
    }

    /** How long the caller waits, at most {@code bound}. */
    public static Duration timeLeft(Duration bound) {
        Deadline deadline = Context.current().getDeadline();
        if (deadline == null) {
            return bound;
        }
        Duration left = Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
        return left.compareTo(bound) < 0 ? left : bound;
    }
}
