package io.kq.broker.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.membership.SessionConnector.Answer;
import io.kq.broker.membership.SessionConnector.Listener;
import io.kq.broker.membership.SessionConnector.Session;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.MetadataImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A broker's membership, turned by hand against a controller made of lists. */
class BrokerLifecycleTest {

    private static final Duration HEARTBEAT = Duration.ofMillis(500);

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final SimulatedSource metadata = new SimulatedSource();
    private final List<SimulatedSession> sessions = new ArrayList<>();
    private final List<BrokerState> states = new ArrayList<>();
    private final List<Boolean> touch = new ArrayList<>();
    private final List<Throwable> faults = new ArrayList<>();
    private final BrokerLifecycle lifecycle =
            new BrokerLifecycle(
                    new BrokerLifecycle.Config(
                            new Registration(
                                    1,
                                    new UUID(0, 1),
                                    "cluster",
                                    List.of(),
                                    "",
                                    List.of(),
                                    true,
                                    "1"),
                            HEARTBEAT,
                            Duration.ofSeconds(3),
                            Duration.ofSeconds(1)),
                    metadata,
                    this::connect,
                    new BrokerLifecycle.StateListener() {
                        @Override
                        public void onRegistered(long brokerEpoch) {}

                        @Override
                        public void onState(BrokerState state) {
                            states.add(state);
                        }

                        @Override
                        public void onOutOfTouch(boolean outOfTouch) {
                            touch.add(outOfTouch);
                        }
                    },
                    loop,
                    clock,
                    (where, cause) -> faults.add(cause));

    private Session connect(int controllerId, Registration registration, Listener listener) {
        SimulatedSession session = new SimulatedSession(controllerId, listener);
        sessions.add(session);
        return session;
    }

    /** What the broker sent in one session. */
    private static final class SimulatedSession implements Session {
        private final int controllerId;
        private final Listener listener;
        private final List<Boolean> heartbeats = new ArrayList<>();
        private boolean closed;

        SimulatedSession(int controllerId, Listener listener) {
            this.controllerId = controllerId;
            this.listener = listener;
        }

        @Override
        public void heartbeat(long brokerEpoch, long appliedIndex, boolean wantsShutdown) {
            heartbeats.add(wantsShutdown);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Says who controls. */
    private static final class SimulatedSource implements MetadataSource {
        private @Nullable ControllerSubscriber subscriber;

        @Override
        public MetadataImage image() {
            return MetadataImage.EMPTY;
        }

        @Override
        public Controller controller() {
            return Controller.NONE;
        }

        @Override
        public AutoCloseable subscribe(MetadataSubscriber ignored) {
            return () -> {};
        }

        @Override
        public AutoCloseable subscribeController(ControllerSubscriber told) {
            subscriber = told;
            told.onController(Controller.NONE);
            return () -> {};
        }

        void elect(int nodeId, long term) {
            Objects.requireNonNull(subscriber).onController(new Controller(nodeId, term));
        }
    }

    private SimulatedSession newest() {
        return sessions.get(sessions.size() - 1);
    }

    private void answer(long term, long epoch, boolean fenced, boolean mayShutDown) {
        newest().listener.onAnswer(new Answer(term, epoch, fenced, mayShutDown));
        loop.runDue();
    }

    private void pass(Duration time) {
        for (long ms = 0; ms < time.toMillis(); ms += 50) {
            clock.advance(Duration.ofMillis(50));
            loop.runDue();
        }
    }

    private void becomeActive() {
        var unused = lifecycle.start();
        loop.runDue();
        metadata.elect(0, 1);
        loop.runDue();
        answer(1, 7, true, false);
        answer(1, 7, false, false);
    }

    @Test
    void waitsForAControllerBeforeItRegisters() {
        CompletableFuture<Void> active = lifecycle.start();
        pass(Duration.ofSeconds(2));
        assertThat(sessions).isEmpty();
        metadata.elect(2, 5);
        loop.runDue();
        assertThat(newest().controllerId).isEqualTo(2);
        assertThat(active).isNotDone();
    }

    @Test
    void isActiveOnceTheControllerUnfencesIt() {
        becomeActive();
        assertThat(states).containsExactly(BrokerState.FENCED, BrokerState.ACTIVE);
        assertThat(lifecycle.brokerEpoch()).isEqualTo(7);
        assertThat(lifecycle.start()).isCompleted();
    }

    @Test
    void sendsNoHeartbeatBeforeItsRegistrationIsAnswered() {
        becomeActive();
        metadata.elect(2, 2);
        loop.runDue();
        pass(Duration.ofSeconds(1));
        assertThat(newest().controllerId).isEqualTo(2);
        assertThat(newest().heartbeats).isEmpty();
        answer(2, 7, false, false);
        assertThat(newest().heartbeats).containsExactly(false);
    }

    @Test
    void beatsAtItsInterval() {
        becomeActive();
        int before = newest().heartbeats.size();
        pass(HEARTBEAT.multipliedBy(4));
        assertThat(newest().heartbeats.size() - before).isEqualTo(4);
    }

    @Test
    void followsANewControllerAtOnce() {
        becomeActive();
        SimulatedSession old = newest();
        metadata.elect(2, 2);
        loop.runDue();
        assertThat(old.closed).isTrue();
        assertThat(newest().controllerId).isEqualTo(2);
    }

    @Test
    void ignoresAControllerOfAnOlderTerm() {
        becomeActive();
        metadata.elect(2, 0);
        loop.runDue();
        assertThat(sessions).hasSize(1);
        answer(0, 9, true, false);
        assertThat(lifecycle.brokerEpoch()).isEqualTo(7);
    }

    @Test
    void opensABrokenSessionAnewWithGrowingPauses() {
        becomeActive();
        newest().listener.onEnd(new RejectedException(ErrorCode.UNREACHABLE, "gone"));
        loop.runDue();
        assertThat(lifecycle.state()).isEqualTo(BrokerState.NO_SESSION);
        pass(Duration.ofMillis(50));
        assertThat(sessions).hasSize(2);
        newest().listener.onEnd(new RejectedException(ErrorCode.UNREACHABLE, "gone"));
        loop.runDue();
        pass(Duration.ofMillis(50));
        assertThat(sessions).hasSize(2);
        pass(Duration.ofMillis(50));
        assertThat(sessions).hasSize(3);
    }

    @Test
    void leavesAControllerThatIsSilentForASession() {
        becomeActive();
        SimulatedSession silent = newest();
        pass(Duration.ofSeconds(4));
        assertThat(silent.closed).isTrue();
        assertThat(sessions.size()).isGreaterThan(1);
    }

    @Test
    void isOutOfTouchAfterASessionWithoutAnAnswerUntilTheNextOne() {
        becomeActive();
        pass(Duration.ofSeconds(3));
        assertThat(touch).isEmpty();
        pass(HEARTBEAT);
        assertThat(touch).containsExactly(true);
        assertThat(lifecycle.isOutOfTouch()).isTrue();
        pass(Duration.ofSeconds(5));
        assertThat(touch).containsExactly(true);
        answer(1, 7, false, false);
        assertThat(touch).containsExactly(true, false);
        assertThat(lifecycle.isOutOfTouch()).isFalse();
    }

    /** It went on answering for a while after the others had stopped to hear it. */
    @Test
    void countsTheLastAnswersOfItsOwnControllerForNothingWhenThatIsDeposed() {
        becomeActive();
        metadata.elect(1, 2);
        loop.runDue();
        answer(2, 7, false, false);
        metadata.elect(-1, 2);
        loop.runDue();
        pass(Duration.ofSeconds(2));
        assertThat(touch).isEmpty();
        pass(HEARTBEAT);
        assertThat(touch).containsExactly(true);
        metadata.elect(0, 3);
        loop.runDue();
        answer(3, 7, false, false);
        assertThat(touch).containsExactly(true, false);
    }

    @Test
    void isInTouchWhileSessionsBreakAndComeBack() {
        becomeActive();
        for (int i = 0; i < 5; i++) {
            newest().listener.onEnd(new RejectedException(ErrorCode.UNREACHABLE, "gone"));
            loop.runDue();
            pass(Duration.ofSeconds(2));
            answer(1, 7, false, false);
        }
        assertThat(touch).isEmpty();
    }

    @Test
    void wordsOfAnOldSessionDoNotCount() {
        becomeActive();
        SimulatedSession old = newest();
        metadata.elect(2, 2);
        loop.runDue();
        old.listener.onAnswer(new Answer(2, 99, true, false));
        old.listener.onEnd(new RejectedException(ErrorCode.UNREACHABLE, "gone"));
        loop.runDue();
        assertThat(lifecycle.brokerEpoch()).isEqualTo(7);
        assertThat(sessions).hasSize(2);
    }

    @Test
    void drainEndsWhenTheControllerLetsItGo() {
        becomeActive();
        CompletableFuture<Void> drained = lifecycle.drain();
        loop.runDue();
        assertThat(newest().heartbeats).endsWith(true);
        answer(1, 7, false, false);
        assertThat(drained).isNotDone();
        answer(1, 7, true, true);
        assertThat(drained).isCompleted();
        assertThat(lifecycle.state()).isEqualTo(BrokerState.DRAINING);
    }

    @Test
    void saysNothingAfterItStopped() {
        becomeActive();
        CompletableFuture<Void> stopped = lifecycle.stop();
        loop.runDue();
        assertThat(stopped).isCompleted();
        assertThat(newest().closed).isTrue();
        int sent = newest().heartbeats.size();
        metadata.elect(2, 2);
        pass(Duration.ofSeconds(5));
        assertThat(sessions).hasSize(1);
        assertThat(newest().heartbeats).hasSize(sent);
    }

    @Test
    void clusterThatCanNeverTakeItEndsTheStart() {
        CompletableFuture<Void> active = lifecycle.start();
        metadata.elect(0, 1);
        loop.runDue();
        newest().listener.onEnd(new RejectedException(ErrorCode.CLUSTER_MISMATCH, "other"));
        loop.runDue();
        assertThat(active).isCompletedExceptionally();
        assertThat(faults).isEmpty();
        pass(Duration.ofSeconds(5));
        assertThat(sessions).hasSize(1);
    }

    @Test
    void clusterThatDeniesItLaterIsAFault() {
        becomeActive();
        newest().listener.onEnd(new RejectedException(ErrorCode.CLUSTER_MISMATCH, "other"));
        loop.runDue();
        assertThat(faults).hasSize(1);
    }
}
