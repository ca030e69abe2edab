package io.kq.broker.membership;

import io.kq.metadata.decision.Registration;
import io.kq.protocol.RejectedException;

/** Opens sessions with a controller. Implemented over the node port. Any thread; never blocks. */
@FunctionalInterface
public interface SessionConnector {

    /**
     * Opens a session and sends the registration. What comes back, and the end, are told to {@code
     * listener}; a session that cannot be opened ends at once.
     */
    Session connect(int controllerId, Registration registration, Listener listener);

    /** One session. Any thread. */
    interface Session {
        /** Says that the broker lives. */
        void heartbeat(long brokerEpoch, long appliedIndex, boolean wantsShutdown);

        /** Ends it; the listener is told nothing more that matters. */
        void close();
    }

    /** Told what the controller says. Any thread, in order. */
    interface Listener {
        void onAnswer(Answer answer);

        /** The session is over. Called once. */
        void onEnd(RejectedException why);
    }

    /**
     * What the controller answers to a registration or heartbeat.
     *
     * @param mayShutDown the broker leads nothing that another could lead
     */
    record Answer(long term, long brokerEpoch, boolean fenced, boolean mayShutDown) {}
}
