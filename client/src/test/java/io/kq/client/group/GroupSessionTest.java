package io.kq.client.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kq.client.metadata.ClusterSnapshot;
import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.MetadataFeed;
import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class GroupSessionTest {

    private static final TopicPartition P0 = new TopicPartition("t", 0);
    private static final NodeAddress BOOTSTRAP = new NodeAddress("any", 9092);
    private static final NodeAddress COORDINATOR = new NodeAddress("coordinator", 9092);

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final ScriptedCoordinator coordinator = new ScriptedCoordinator();
    private final ClusterView view =
            new ClusterView(
                    loop,
                    clock,
                    (node, topics, listener) -> watched(listener),
                    name -> new CompletableFuture<>(),
                    List.of(BOOTSTRAP));
    private GroupConfig config =
            new GroupConfig(
                    "g",
                    "",
                    "",
                    "uniform",
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(5),
                    Optional.empty());
    private GroupSession session = newSession();
    private int news;

    private static MetadataFeed.Subscription watched(MetadataFeed.Listener listener) {
        listener.onSnapshot(
                ClusterSnapshot.of("c", 1, Map.of(3, COORDINATOR), List.of(), List.of(3)));
        return () -> {};
    }

    private GroupSession newSession() {
        return new GroupSession(
                loop, clock, config, Duration.ofSeconds(10), view, coordinator, () -> news++);
    }

    private void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 20) {
            clock.advance(Duration.ofMillis(Math.min(20, left)));
            loop.runDue();
        }
    }

    private void subscribe() {
        session.subscribe(Subscription.topics("t"));
        pass(Duration.ofMillis(600));
    }

    private void joined() {
        subscribe();
        coordinator.joins("m1", 0);
        coordinator.assigns(1, 1, false, 0, 1);
        loop.runDue();
    }

    private CompletableFuture<Void> commit(long offset) {
        CompletableFuture<Void> done = session.commit(Map.of(P0, GroupOffset.of(offset)));
        loop.runDue();
        return done;
    }

    private static ErrorCode refusal(CompletableFuture<?> done) {
        Throwable failure = catchThrowable(done::join);
        return ((RejectedException) Objects.requireNonNull(failure.getCause())).code();
    }

    @Test
    void callsTheCoordinatorItselfWhereItIsKnown() {
        view.start();
        loop.runDue();
        subscribe();
        assertThat(coordinator.called).containsExactly(COORDINATOR);
        coordinator.loses();
        pass(Duration.ofMillis(600));
        assertThat(coordinator.called.get(1)).isEqualTo(BOOTSTRAP);
    }

    @Test
    void callsAnyNodeIfNobodyTellsSoon() {
        subscribe();
        assertThat(coordinator.called).containsExactly(BOOTSTRAP);
    }

    @Test
    void tellsOfAssignmentsAndReleases() {
        joined();
        assertThat(news).isEqualTo(1);
        assertThat(session.assignment().partitions()).hasSize(2);
        coordinator.assigns(2, 1, true, 0);
        session.release(session.assignment());
        loop.runDue();
        assertThat(coordinator.heard).containsExactly("join '' [t]", "release 2");
    }

    @Test
    void comesBackAsTheSameMemberAndSaysAgainWhatWasNotAnswered() {
        joined();
        CompletableFuture<Void> answered = commit(5);
        coordinator.stream().onCommitted(1, Map.of());
        CompletableFuture<Void> lost = commit(6);
        coordinator.loses();
        CompletableFuture<Void> meanwhile = commit(7);
        pass(Duration.ofMillis(200));
        coordinator.joins("m1", 1);
        assertThat(answered).isCompleted();
        assertThat(coordinator.heard)
                .containsExactly(
                        "join '' [t]",
                        "commit 1 in 1",
                        "commit 2 in 1",
                        "join 'm1' [t]",
                        "commit 2 in 1",
                        "commit 3 in 1");
        coordinator.stream().onCommitted(2, Map.of());
        coordinator.stream().onCommitted(3, Map.of());
        assertThat(lost).isCompleted();
        assertThat(meanwhile).isCompleted();
        assertThat(session.assignment().incarnation()).isEqualTo(1);
    }

    @Test
    void beginsAnewWhenItWasTakenForDead() {
        joined();
        CompletableFuture<Void> commit = commit(5);
        coordinator.refuses(ErrorCode.UNKNOWN_MEMBER);
        pass(Duration.ofMillis(200));
        assertThat(refusal(commit)).isEqualTo(ErrorCode.UNKNOWN_MEMBER);
        assertThat(session.assignment().incarnation()).isEqualTo(2);
        assertThat(session.assignment().partitions()).isEmpty();
        coordinator.joins("m2", 4);
        assertThat(coordinator.heard).endsWith("join '' [t]");
        assertThat(session.trouble()).isNull();
    }

    @Test
    void doesNotTakeItsPlaceBackFromAnotherProcess() {
        config = config.withInstanceId("i");
        session = newSession();
        joined();
        coordinator.refuses(ErrorCode.FENCED_MEMBER_EPOCH);
        pass(Duration.ofSeconds(2));
        assertThat(Objects.requireNonNull(session.fatal()).code())
                .isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
        assertThat(coordinator.called).hasSize(1);
        assertThat(refusal(commit(1))).isEqualTo(ErrorCode.FENCED_MEMBER_EPOCH);
    }

    @Test
    void whatIsRefusedForGoodIsSaidAndNotTriedAgain() {
        subscribe();
        coordinator.stream().onReady();
        coordinator.stream()
                .onClosed(true, new RejectedException(ErrorCode.INVALID_ARGUMENT, "no group"));
        pass(Duration.ofSeconds(2));
        assertThat(Objects.requireNonNull(session.fatal()).code())
                .isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(coordinator.called).hasSize(1);
    }

    @Test
    void leavesACoordinatorThatIsSilent() {
        joined();
        pass(Duration.ofMillis(2_300));
        assertThat(coordinator.called).hasSize(1);
        assertThat(coordinator.heard).contains("beat");
        pass(Duration.ofMillis(800));
        assertThat(coordinator.called).hasSize(2);
    }

    @Test
    void applicationThatDoesNotPollIsNoMemberUntilItDoes() {
        joined();
        for (int i = 0; i < 301; i++) {
            coordinator.stream().onAlive();
            pass(Duration.ofSeconds(1));
        }
        assertThat(coordinator.heard).contains("leave");
        assertThat(session.assignment().incarnation()).isEqualTo(2);
        coordinator.stream().onClosed(true, new RejectedException(ErrorCode.UNREACHABLE, "ended"));
        pass(Duration.ofSeconds(5));
        assertThat(coordinator.called).hasSize(1);
        session.polled();
        pass(Duration.ofSeconds(1));
        coordinator.stream().onReady();
        assertThat(coordinator.called).hasSize(2);
        assertThat(coordinator.heard).endsWith("join '' [t]");
    }

    @Test
    void commitThatNobodyAnswersFailsAndIsNotKnown() {
        joined();
        CompletableFuture<Void> commit = commit(5);
        for (int i = 0; i < 11; i++) {
            coordinator.stream().onAlive();
            pass(Duration.ofSeconds(1));
        }
        assertThat(refusal(commit)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void refusedPartitionFailsTheCommitAndSaysWhich() {
        joined();
        CompletableFuture<Void> commit = commit(5);
        coordinator.stream()
                .onCommitted(
                        1,
                        Map.of(
                                P0,
                                new RejectedException(
                                        ErrorCode.FENCED_MEMBER_EPOCH, "not the member's")));
        assertThat(catchThrowable(commit::join))
                .hasMessageContaining("the commit of t-0 was refused");
    }

    /** A coordinator that took over would count it as a member until its session timeout. */
    @Test
    void goesBackToItsCoordinatorToLeave() {
        joined();
        coordinator.loses();
        CompletableFuture<Void> gone = session.leave();
        loop.runDue();
        assertThat(gone).isNotDone();
        pass(Duration.ofMillis(200));
        coordinator.joins("m1", 1);
        assertThat(coordinator.heard).endsWith("join 'm1' [t]", "leave");
        coordinator.loses();
        assertThat(gone).isCompleted();
    }

    @Test
    void whoWasForgottenHasLeft() {
        joined();
        coordinator.loses();
        CompletableFuture<Void> gone = session.leave();
        pass(Duration.ofMillis(200));
        coordinator.stream().onReady();
        coordinator.refuses(ErrorCode.UNKNOWN_MEMBER);
        assertThat(gone).isCompleted();
        pass(Duration.ofSeconds(1));
        assertThat(coordinator.called).hasSize(2);
    }

    @Test
    void leavingEndsWhenTheCoordinatorEndsTheStream() {
        joined();
        CompletableFuture<Void> gone = session.leave();
        loop.runDue();
        assertThat(gone).isNotDone();
        coordinator.loses();
        assertThat(gone).isCompleted();
        pass(Duration.ofSeconds(2));
        assertThat(coordinator.called).hasSize(1);
    }
}
