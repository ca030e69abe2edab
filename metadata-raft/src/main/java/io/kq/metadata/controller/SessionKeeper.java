package io.kq.metadata.controller;

import io.kq.metadata.controller.BrokerSessions.BrokerProbe.Answer;
import io.kq.metadata.controller.BrokerSessions.HeartbeatAnswer;
import io.kq.metadata.decision.BrokerDecisions;
import io.kq.metadata.decision.Decision;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.decision.Turn;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions of one tenure: who was heard when. Only transitions become records. Loop thread only.
 *
 * <p>A session ends by silence, or at once when the broker's port refuses. A pause of this process
 * is no silence of the brokers: a tick that comes late gives every session its time again.
 */
final class SessionKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(SessionKeeper.class);

    /** A dial that takes longer says nothing. */
    private static final Duration PROBE_MAX = Duration.ofSeconds(1);

    private final ControllerTenure tenure;
    private final ControllerPorts ports;
    private final String clusterId;
    private final long sessionNanos;
    private final BrokerDecisions decisions;
    private final Map<Integer, BrokerSession> sessions = new TreeMap<>();
    private final Runnable onTransition;
    private long lastTickNanos;

    /**
     * @param onTransition told when a broker was fenced, unfenced, or handed over
     */
    SessionKeeper(
            ControllerTenure tenure,
            ControllerPorts ports,
            String clusterId,
            Duration session,
            BrokerDecisions decisions,
            Runnable onTransition) {
        this.tenure = tenure;
        this.ports = ports;
        this.clusterId = clusterId;
        this.sessionNanos = session.toNanos();
        this.decisions = decisions;
        this.onTransition = onTransition;
    }

    /**
     * A new controller has heard nobody yet: gives every unfenced broker a full session, and dials
     * each at once, so that the dead ones do not get it. Of the former leader's session a part is
     * over already, half of it at most.
     */
    void begin(FormerLeader former, long nowNanos) {
        lastTickNanos = nowNanos;
        long silence = Math.min(former.silence().toNanos(), sessionNanos / 2);
        for (BrokerImage broker : tenure.image().allBrokers()) {
            if (!broker.fenced()) {
                long heard = broker.id() == former.nodeId() ? nowNanos - silence : nowNanos;
                open(broker.id(), broker.brokerEpoch(), heard);
                probeAndFence(broker);
            }
        }
    }

    void register(Registration registration, CompletableFuture<Long> reply) {
        if (!registration.clusterId().equals(clusterId)) {
            reply.completeExceptionally(
                    new RejectedException(
                            ErrorCode.CLUSTER_MISMATCH,
                            "this is cluster "
                                    + clusterId
                                    + ", broker "
                                    + registration.brokerId()
                                    + " belongs to "
                                    + registration.clusterId()));
            return;
        }
        BrokerImage known = tenure.image().brokers().get(registration.brokerId());
        if (known == null || known.incarnationId().equals(registration.incarnationId())) {
            admit(registration, BrokerDecisions.NONE_GONE, reply);
        } else if (known.fenced() && !sessions.containsKey(known.id())) {
            admit(registration, known.brokerEpoch(), reply);
        } else {
            registerInPlaceOf(known, registration, reply);
        }
    }

    /** Two processes of one id: the second one is turned away while the first is alive. */
    private void registerInPlaceOf(
            BrokerImage known, Registration registration, CompletableFuture<Long> reply) {
        long sinceNanos = ports.clock().nanoTime();
        probe(
                known,
                answer -> {
                    BrokerSession session = sessions.get(known.id());
                    boolean heard =
                            session != null
                                    && session.brokerEpoch() == known.brokerEpoch()
                                    && session.heardSince(sinceNanos);
                    if (tenure.isOver()) {
                        reply.completeExceptionally(Refusals.notController());
                    } else if (answer == Answer.ANSWERED || heard) {
                        reply.completeExceptionally(inUse(known));
                    } else {
                        fence(known.id(), known.brokerEpoch(), "replaced", () -> true);
                        admit(registration, known.brokerEpoch(), reply);
                    }
                });
    }

    private static RejectedException inUse(BrokerImage known) {
        String where =
                known.endpoint(BrokerImage.NODE_LISTENER)
                        .map(e -> " at " + e.host() + ":" + e.port())
                        .orElse("");
        return new RejectedException(
                ErrorCode.INVALID_ARGUMENT,
                "broker id "
                        + known.id()
                        + " is in use by another process"
                        + where
                        + "; give this node another node.id, or stop that one");
    }

    private void admit(Registration registration, long goneEpoch, CompletableFuture<Long> reply) {
        tenure.enqueue(
                PendingOperation.internal(
                        (image, turn) -> decisions.register(registration, goneEpoch, image, turn),
                        new Outcome<>(
                                brokerEpoch -> admitted(registration, brokerEpoch, reply),
                                reply::completeExceptionally)));
    }

    private void admitted(
            Registration registration, long brokerEpoch, CompletableFuture<Long> reply) {
        open(registration.brokerId(), brokerEpoch, ports.clock().nanoTime());
        LOG.info(
                "Registered broker={} brokerEpoch={} incarnation={} clean={}",
                registration.brokerId(),
                brokerEpoch,
                registration.incarnationId(),
                registration.cleanShutdown());
        reply.complete(brokerEpoch);
    }

    /** The incarnation's session, which begins now if it is not there yet. */
    private BrokerSession open(int brokerId, long brokerEpoch, long nowNanos) {
        BrokerSession session = sessions.get(brokerId);
        if (session == null || session.brokerEpoch() != brokerEpoch) {
            session = new BrokerSession(brokerId, brokerEpoch, tenure.image().index(), nowNanos);
            sessions.put(brokerId, session);
        }
        session.heard(nowNanos);
        return session;
    }

    HeartbeatAnswer heartbeat(
            int brokerId, long brokerEpoch, long appliedIndex, boolean wantsShutdown) {
        if (tenure.isStalled()) {
            throw Refusals.stalled();
        }
        BrokerImage broker = tenure.image().brokers().get(brokerId);
        if (broker == null || broker.brokerEpoch() != brokerEpoch) {
            throw BrokerDecisions.fencedEpoch(brokerId, brokerEpoch);
        }
        long nowNanos = ports.clock().nanoTime();
        BrokerSession session = open(brokerId, brokerEpoch, nowNanos);
        session.heartbeat(wantsShutdown, nowNanos);
        if (broker.fenced() && session.mayBeUnfenced(appliedIndex)) {
            unfence(session);
        }
        return new HeartbeatAnswer(
                tenure.term(),
                broker.fenced(),
                session.wantsShutdown() && mayShutDown(broker, session));
    }

    /**
     * A broker that wants to stop hands over first (rule 30). What it is the last to have it leads
     * until it goes.
     */
    private boolean mayShutDown(BrokerImage broker, BrokerSession session) {
        if (broker.fenced()) {
            return true;
        }
        boolean handedOver =
                broker.shuttingDown() && decisions.hasHandedOver(broker.id(), tenure.image());
        if (!handedOver) {
            shutDown(session);
        }
        return handedOver && !session.isInTransition();
    }

    /** The broker ended its session after it was let go. */
    void left(int brokerId, long brokerEpoch) {
        BrokerImage broker = tenure.image().brokers().get(brokerId);
        if (broker != null && broker.brokerEpoch() == brokerEpoch && !broker.fenced()) {
            fence(brokerId, brokerEpoch, "left", () -> true);
        }
    }

    void streamBroken(int brokerId, long brokerEpoch) {
        BrokerImage broker = tenure.image().brokers().get(brokerId);
        if (broker != null && broker.brokerEpoch() == brokerEpoch && !broker.fenced()) {
            probeAndFence(broker);
        }
    }

    void tick(long nowNanos) {
        long sinceLast = nowNanos - lastTickNanos;
        lastTickNanos = nowNanos;
        if (sinceLast >= sessionNanos / 2) {
            LOG.warn(
                    "Was paused for {} ms; gives every broker a full session",
                    sinceLast / 1_000_000);
            sessions.values().forEach(session -> session.heard(nowNanos));
            return;
        }
        for (BrokerSession session : new ArrayList<>(sessions.values())) {
            if (!session.isExpired(nowNanos, sessionNanos)) {
                continue;
            }
            BrokerImage broker = tenure.image().brokers().get(session.brokerId());
            if (broker == null
                    || broker.fenced()
                    || broker.brokerEpoch() != session.brokerEpoch()) {
                sessions.remove(session.brokerId());
            } else {
                fence(
                        session.brokerId(),
                        session.brokerEpoch(),
                        "silent",
                        () -> session.isExpired(ports.clock().nanoTime(), sessionNanos));
            }
        }
    }

    private void probeAndFence(BrokerImage broker) {
        long sinceNanos = ports.clock().nanoTime();
        probe(
                broker,
                answer -> {
                    if (answer == Answer.REFUSED || answer == Answer.REPLACED) {
                        fence(
                                broker.id(),
                                broker.brokerEpoch(),
                                "port " + answer,
                                () -> notHeardSince(broker, sinceNanos));
                    }
                });
    }

    private boolean notHeardSince(BrokerImage broker, long nanos) {
        BrokerSession session = sessions.get(broker.id());
        return session == null
                || session.brokerEpoch() != broker.brokerEpoch()
                || !session.heardSince(nanos);
    }

    /** Dials a broker; what it answers, or that it does not, comes back on the loop, once. */
    private void probe(BrokerImage broker, Consumer<Answer> then) {
        EventLoop loop = ports.loop();
        CompletableFuture<Answer> answered =
                ports.probe().probe(broker).exceptionally(failure -> Answer.SILENT);
        EventLoop.Cancellable timer =
                loop.schedule(PROBE_MAX, () -> answered.complete(Answer.SILENT));
        CompletableFuture<Void> unused =
                answered.thenAccept(
                        answer -> {
                            timer.cancel();
                            loop.submit(() -> then.accept(answer));
                        });
    }

    private void fence(int brokerId, long brokerEpoch, String cause, BooleanSupplier stillTrue) {
        BrokerSession session = sessions.get(brokerId);
        if (session == null || session.brokerEpoch() != brokerEpoch) {
            session = new BrokerSession(brokerId, brokerEpoch, 0, 0);
        }
        if (!session.beginTransition()) {
            return;
        }
        transition(
                session,
                "Fenced broker={} brokerEpoch={} cause={}",
                cause,
                new Fencing(brokerId, brokerEpoch, stillTrue));
    }

    /**
     * Looks again whether it is still called for when its turn comes; once begun, it goes through.
     */
    private final class Fencing implements Decision.Decider<Boolean> {

        private final int brokerId;
        private final long brokerEpoch;
        private final BooleanSupplier stillTrue;
        private boolean begun;

        Fencing(int brokerId, long brokerEpoch, BooleanSupplier stillTrue) {
            this.brokerId = brokerId;
            this.brokerEpoch = brokerEpoch;
            this.stillTrue = stillTrue;
        }

        @Override
        public Decision<Boolean> decide(MetadataImage image, Turn turn) {
            begun |= stillTrue.getAsBoolean();
            return begun
                    ? decisions.fence(brokerId, brokerEpoch, image, turn)
                    : Decision.nothing(false);
        }
    }

    private void unfence(BrokerSession session) {
        if (session.beginTransition()) {
            transition(
                    session,
                    "Unfenced broker={} brokerEpoch={} cause={}",
                    "caught up",
                    (image, turn) ->
                            decisions.unfence(
                                    session.brokerId(), session.brokerEpoch(), image, turn));
        }
    }

    private void shutDown(BrokerSession session) {
        if (session.beginTransition()) {
            transition(
                    session,
                    "Handed over from broker={} brokerEpoch={} cause={}",
                    "wants to stop",
                    (image, turn) ->
                            decisions.shutDown(
                                    session.brokerId(), session.brokerEpoch(), image, turn));
        }
    }

    private void transition(
            BrokerSession session, String fact, String cause, Decision.Decider<Boolean> decider) {
        tenure.enqueue(
                PendingOperation.internal(
                        decider,
                        new Outcome<>(
                                done -> {
                                    session.endTransition();
                                    if (done) {
                                        LOG.info(
                                                fact,
                                                session.brokerId(),
                                                session.brokerEpoch(),
                                                cause);
                                        onTransition.run();
                                    }
                                },
                                refusal -> session.endTransition())));
    }
}
