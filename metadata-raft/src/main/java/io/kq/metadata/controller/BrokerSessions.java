package io.kq.metadata.controller;

import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.BrokerImage;
import java.util.concurrent.CompletableFuture;

/**
 * Sessions of brokers to the active controller (heartbeats 500 ms, session 3 s): soft state, never
 * logged; only transitions (registered, fenced, unfenced) become records. Any thread; every call
 * fails with NOT_CONTROLLER on other nodes.
 */
public interface BrokerSessions {

    /**
     * Registers a broker and starts its session.
     *
     * @return its broker epoch; fails with CLUSTER_MISMATCH, or INVALID_ARGUMENT if another live
     *     process has this id
     */
    CompletableFuture<Long> register(Registration registration);

    /**
     * Keeps a session alive; the answer says whether the broker is fenced and whether it may stop.
     */
    CompletableFuture<HeartbeatAnswer> heartbeat(
            int brokerId, long brokerEpoch, long appliedIndex, boolean wantsShutdown);

    /** The broker's stream broke: it is probed at once, and fenced if its port refuses. */
    void streamBroken(int brokerId, long brokerEpoch);

    /** The broker was let go and ended its stream: it is fenced at once. */
    void left(int brokerId, long brokerEpoch);

    /**
     * What the controller answers.
     *
     * @param mayShutDown the broker leads nothing that another could lead
     */
    record HeartbeatAnswer(long term, boolean fenced, boolean mayShutDown) {}

    /**
     * How the controller finds out whether a silent broker's process is still there. Implemented
     * over the node port.
     */
    interface BrokerProbe {
        /**
         * Dials the broker's node listener once and asks who is there. Any thread; never blocks. A
         * failed future counts as {@link Answer#SILENT}.
         */
        CompletableFuture<Answer> probe(BrokerImage broker);

        /** What dialling showed. */
        enum Answer {
            /** The very incarnation that was asked for. */
            ANSWERED,
            /** Another process: the incarnation that was asked for is gone. */
            REPLACED,
            /** Nothing listens there: the process is gone. */
            REFUSED,
            SILENT
        }
    }
}
