package io.kq.broker.membership;

import io.kq.broker.membership.SessionConnector.Answer;
import io.kq.broker.membership.SessionConnector.Session;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.MetadataSource.Controller;
import io.kq.metadata.decision.Registration;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this broker a member: a session with whoever controls, opened anew as soon as that changes,
 * breaks, or goes silent.
 *
 * <p>All state is owned by the event loop; public methods only submit, or read a volatile.
 */
public final class BrokerLifecycle {

    private static final Logger log = LoggerFactory.getLogger(BrokerLifecycle.class);
    private static final Duration RETRY_MIN = Duration.ofMillis(50);
    private static final Duration IMPATIENT_INTERVAL = Duration.ofMillis(50);
    private static final Duration RETRY_MAX = Duration.ofSeconds(1);
    private static final long NO_EPOCH = -1;

    /**
     * With growing pauses some seconds: longer than a controller needs to find out that the process
     * which had the id before is gone.
     */
    private static final int TURNED_AWAY_MAX = 10;

    private final Config config;
    private final MetadataSource metadata;
    private final SessionConnector connector;
    private final StateListener listener;
    private final EventLoop loop;
    private final Clock clock;
    private final FaultHandler faults;
    private final CompletableFuture<Void> active = new CompletableFuture<>();
    private final CompletableFuture<Void> drained = new CompletableFuture<>();

    /** Who controls, as the metadata last told. */
    private Controller controller = Controller.NONE;

    private @Nullable Session session;

    /** Number of the newest session: what an older one still says does not count. */
    private int sessionNumber;

    /** The newest session that was answered: only in it heartbeats make sense. */
    private int registeredNumber;

    /** When the session was opened or last answered, in nanoseconds. */
    private long heardNanos;

    private Duration retry = RETRY_MIN;

    /** When a controller last answered, in nanoseconds. */
    private long answeredNanos;

    /** No controller has answered for a session's length. Written on the loop. */
    private volatile boolean outOfTouch;

    /** How often in a row a controller said that another process has this broker's id. */
    private int turnedAway;

    private boolean draining;
    private boolean unreachableLogged;

    /**
     * Given by the newest registration; {@link #NO_EPOCH} before the first. Written on the loop.
     */
    private volatile long brokerEpoch = NO_EPOCH;

    /** Written on the loop. */
    private volatile BrokerState state = BrokerState.NO_SESSION;

    /**
     * What the lifecycle needs to know.
     *
     * @param registration what this broker says of itself
     * @param sessionTimeout a controller that does not answer for this long is left
     * @param lonelinessMax for so long a controller may go on answering without a majority; counted
     *     as half a session at most
     */
    public record Config(
            Registration registration,
            Duration heartbeatInterval,
            Duration sessionTimeout,
            Duration lonelinessMax) {}

    /** Told on the loop. */
    public interface StateListener {
        /** A controller has taken this broker's registration. */
        void onRegistered(long brokerEpoch);

        /** Called with each new state. */
        void onState(BrokerState state);

        /**
         * True: no controller has answered for a session's length, so others may lead by now what
         * this broker leads, and what it knows of the cluster may be old. Called with each change.
         */
        void onOutOfTouch(boolean outOfTouch);
    }

    /**
     * A broker that has not said a word yet.
     *
     * @param faults told if the cluster can never take this broker
     */
    public BrokerLifecycle(
            Config config,
            MetadataSource metadata,
            SessionConnector connector,
            StateListener listener,
            EventLoop loop,
            Clock clock,
            FaultHandler faults) {
        this.config = config;
        this.metadata = metadata;
        this.connector = connector;
        this.listener = listener;
        this.loop = loop;
        this.clock = clock;
        this.faults = faults;
    }

    /**
     * Starts to follow the controller. The future completes when it is first active, and fails if
     * another process has this broker's id, or if the controller is of another cluster.
     */
    public CompletableFuture<Void> start() {
        loop.submit(() -> answeredNanos = clock.nanoTime());
        metadata.subscribeController(told -> loop.submit(() -> onController(told)));
        loop.schedule(config.heartbeatInterval(), this::beat);
        return active;
    }

    /**
     * Asks to hand over in good order. The future completes when the controller lets it go; whoever
     * waits does so within a bound.
     */
    public CompletableFuture<Void> drain() {
        loop.submit(
                () -> {
                    if (state == BrokerState.STOPPED) {
                        return;
                    }
                    draining = true;
                    become(BrokerState.DRAINING);
                    beatNow();
                });
        return drained;
    }

    /** Ends the session. Nothing is sent after the future completes. */
    public CompletableFuture<Void> stop() {
        CompletableFuture<Void> stopped = new CompletableFuture<>();
        loop.submit(
                () -> {
                    endSession();
                    become(BrokerState.STOPPED);
                    stopped.complete(null);
                });
        return stopped;
    }

    /** The newest broker epoch, -1 before the first registration. Any thread. */
    public long brokerEpoch() {
        return brokerEpoch;
    }

    /** Whether no controller has answered for a session's length. Any thread. */
    public boolean isOutOfTouch() {
        return outOfTouch;
    }

    /** Any thread. */
    public BrokerState state() {
        return state;
    }

    private void onController(Controller told) {
        if (told.term() < controller.term() || state == BrokerState.STOPPED) {
            return;
        }
        boolean changed = !told.equals(controller);
        boolean deposed = controller.nodeId() == config.registration().brokerId();
        if (changed && deposed) {
            // This node's own controller: what it answered last nobody else may have known of.
            answeredNanos -=
                    Math.min(
                            config.lonelinessMax().toNanos(),
                            config.sessionTimeout().toNanos() / 2);
        }
        controller = told;
        if (changed && told.nodeId() >= 0) {
            retry = RETRY_MIN;
            connect();
        }
    }

    private void connect() {
        if (state == BrokerState.STOPPED || controller.nodeId() < 0) {
            return;
        }
        endSession();
        int number = ++sessionNumber;
        heardNanos = clock.nanoTime();
        session =
                connector.connect(
                        controller.nodeId(),
                        config.registration(),
                        new SessionConnector.Listener() {
                            @Override
                            public void onAnswer(Answer answer) {
                                loop.submit(() -> answered(number, answer));
                            }

                            @Override
                            public void onEnd(RejectedException why) {
                                loop.submit(() -> ended(number, why));
                            }
                        });
    }

    private void answered(int number, Answer answer) {
        if (number != sessionNumber || session == null || answer.term() < controller.term()) {
            return;
        }
        heardNanos = clock.nanoTime();
        answeredNanos = heardNanos;
        touch();
        retry = RETRY_MIN;
        unreachableLogged = false;
        if (registeredNumber != number) {
            registeredNumber = number;
            brokerEpoch = answer.brokerEpoch();
            log.info(
                    "Registered controller={} term={} brokerEpoch={}",
                    controller.nodeId(),
                    answer.term(),
                    brokerEpoch);
            listener.onRegistered(brokerEpoch);
            beatNow();
        }
        if (draining) {
            if (answer.mayShutDown()) {
                drained.complete(null);
            } else {
                loop.schedule(IMPATIENT_INTERVAL, () -> beatIfStillDraining(number));
            }
            return;
        }
        become(answer.fenced() ? BrokerState.FENCED : BrokerState.ACTIVE);
        if (answer.fenced()) {
            // The controller unfences on a heartbeat: a start should not wait for the next regular.
            loop.schedule(IMPATIENT_INTERVAL, () -> beatIfStillFenced(number));
        } else {
            active.complete(null);
        }
    }

    private void ended(int number, RejectedException why) {
        if (number != sessionNumber || session == null) {
            return;
        }
        session = null;
        if (state == BrokerState.STOPPED) {
            return;
        }
        if (why.code() == ErrorCode.CLUSTER_MISMATCH) {
            // While it starts a person can be told; later it is a fault of the cluster.
            if (!active.completeExceptionally(why)) {
                faults.onFault("membership", why);
            }
            return;
        }
        if (!draining) {
            become(BrokerState.NO_SESSION);
        }
        turnedAway = why.code() == ErrorCode.INVALID_ARGUMENT ? turnedAway + 1 : 0;
        if (turnedAway >= TURNED_AWAY_MAX && active.completeExceptionally(why)) {
            return;
        }
        // A controller that was just elected is not active at once: nothing to warn of.
        boolean expected = why.code() == ErrorCode.NOT_CONTROLLER;
        if (!unreachableLogged && !expected) {
            unreachableLogged = true;
            log.warn(
                    "Lost session, trying again controller={} reason={} message={}",
                    controller.nodeId(),
                    why.code(),
                    why.getMessage());
        }
        loop.schedule(retry, () -> reconnect(number));
        Duration next = retry.multipliedBy(2);
        retry = next.compareTo(RETRY_MAX) > 0 ? RETRY_MAX : next;
    }

    private void reconnect(int number) {
        if (number == sessionNumber && session == null) {
            connect();
        }
    }

    private void beat() {
        if (state == BrokerState.STOPPED) {
            return;
        }
        touch();
        boolean silent = clock.nanoTime() - heardNanos > config.sessionTimeout().toNanos();
        if (session != null && silent) {
            int number = sessionNumber;
            Session left = session;
            ended(number, new RejectedException(ErrorCode.UNREACHABLE, "no answer to heartbeats"));
            left.close();
        } else {
            beatNow();
        }
        loop.schedule(config.heartbeatInterval(), this::beat);
    }

    private void touch() {
        boolean now = clock.nanoTime() - answeredNanos > config.sessionTimeout().toNanos();
        if (now != outOfTouch) {
            outOfTouch = now;
            listener.onOutOfTouch(now);
        }
    }

    private void beatNow() {
        if (session != null && registeredNumber == sessionNumber) {
            session.heartbeat(brokerEpoch, metadata.image().index(), draining);
        }
    }

    private void beatIfStillFenced(int number) {
        if (number == sessionNumber && state == BrokerState.FENCED) {
            beatNow();
        }
    }

    private void beatIfStillDraining(int number) {
        if (number == sessionNumber && state == BrokerState.DRAINING && !drained.isDone()) {
            beatNow();
        }
    }

    private void endSession() {
        Session old = session;
        session = null;
        if (old != null) {
            old.close();
        }
    }

    private void become(BrokerState next) {
        if (state != next) {
            state = next;
            log.info("Became {} brokerEpoch={}", next, brokerEpoch);
            listener.onState(next);
        }
    }
}
