package io.kq.broker.membership;

import io.kq.runtime.EventLoop;
import io.kq.runtime.EventLoop.Cancellable;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out when no controller has answered for a session's length: from then on others may lead
 * what this broker leads. Told of states on one thread; tells on the loop.
 */
public final class ControllerReach {

    private final EventLoop loop;
    private final Duration sessionTimeout;
    private final Consumer<Boolean> lost;

    private @Nullable Cancellable alarm;

    /**
     * Reachable until something else is heard.
     *
     * @param lost told with each change
     */
    public ControllerReach(EventLoop loop, Duration sessionTimeout, Consumer<Boolean> lost) {
        this.loop = loop;
        this.sessionTimeout = sessionTimeout;
        this.lost = lost;
    }

    /** Takes note of a new state. */
    public void onState(BrokerState state) {
        if (state == BrokerState.NO_SESSION) {
            if (alarm == null) {
                alarm = loop.schedule(sessionTimeout, () -> lost.accept(true));
            }
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
            lost.accept(false);
        }
    }
}
