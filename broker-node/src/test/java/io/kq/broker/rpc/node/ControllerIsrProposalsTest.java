package io.kq.broker.rpc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.doubles.AnsweringChannel;
import io.kq.broker.rpc.ControllerCalls;
import io.kq.internal.v1.AlterPartitionsRequest;
import io.kq.internal.v1.AlterPartitionsResponse;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.decision.IsrProposal;
import io.kq.metadata.decision.IsrProposal.Member;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.image.MetadataImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ControllerIsrProposalsTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final List<AlterIsr> asked = new ArrayList<>();

    /** What whole calls are refused with, one after the other, before any is answered. */
    private final Queue<RejectedException> failures = new ArrayDeque<>();

    /** What every proposal is answered. */
    private Optional<RejectedException> answer = Optional.empty();

    private final ControllerIsrProposals proposals =
            new ControllerIsrProposals(
                    new ControllerCalls(
                            3,
                            new ControlledByNode1(),
                            Optional::empty,
                            nodeId -> Optional.of(new AnsweringChannel(this::serve)),
                            true,
                            loop,
                            clock));

    private record ControlledByNode1() implements MetadataSource {
        @Override
        public MetadataImage image() {
            return MetadataImage.EMPTY;
        }

        @Override
        public Controller controller() {
            return new Controller(1, 1);
        }

        @Override
        public AutoCloseable subscribe(MetadataSubscriber subscriber) {
            return () -> {};
        }

        @Override
        public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
            return () -> {};
        }
    }

    private AlterPartitionsResponse serve(Object request) {
        AlterIsr operation = IsrCodec.fromProto((AlterPartitionsRequest) request);
        asked.add(operation);
        RejectedException failure = failures.poll();
        if (failure != null) {
            throw failure;
        }
        return IsrCodec.answersToProto(operation.proposals().stream().map(p -> answer).toList());
    }

    private static IsrProposal proposal(int partition) {
        return new IsrProposal(
                new UUID(7, 8),
                partition,
                5,
                9,
                List.of(new Member(3, 30), new Member(1, Long.MAX_VALUE)));
    }

    private List<Optional<RejectedException>> propose(List<IsrProposal> what) {
        CompletableFuture<List<Optional<RejectedException>>> answers = proposals.propose(77, what);
        pass();
        assertThat(answers).isCompleted();
        return answers.join();
    }

    private void pass() {
        for (int i = 0; i < 150; i++) {
            clock.advance(Duration.ofMillis(10));
            loop.runDue();
        }
    }

    @Test
    void proposalsArriveAsTheyWere() {
        List<IsrProposal> sent = List.of(proposal(0), proposal(4));
        assertThat(propose(sent)).containsExactly(Optional.empty(), Optional.empty());
        assertThat(asked).containsExactly(new AlterIsr(3, 77, sent));
    }

    @Test
    void refusalIsCertainWhenThereWasOneTry() {
        answer = Optional.of(new RejectedException(ErrorCode.STALE_PARTITION_EPOCH, "is 10"));
        RejectedException refusal = propose(List.of(proposal(0))).get(0).orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.STALE_PARTITION_EPOCH);
        assertThat(refusal.definite()).isTrue();
    }

    @Test
    void refusalSaysNothingCertainAfterATryWithAnUnknownOutcome() {
        failures.add(new RejectedException(ErrorCode.NOT_CONTROLLER, "lost").indefinite());
        answer = Optional.of(new RejectedException(ErrorCode.STALE_PARTITION_EPOCH, "is 10"));
        RejectedException refusal = propose(List.of(proposal(0))).get(0).orElseThrow();
        assertThat(refusal.code()).isEqualTo(ErrorCode.STALE_PARTITION_EPOCH);
        assertThat(refusal.definite()).isFalse();
    }

    @Test
    void tryThatCertainlyDidNothingLeavesNoDoubt() {
        failures.add(new RejectedException(ErrorCode.NOT_CONTROLLER, "not here"));
        answer = Optional.of(new RejectedException(ErrorCode.INELIGIBLE_REPLICA, "fenced"));
        assertThat(propose(List.of(proposal(0))).get(0).orElseThrow().definite()).isTrue();
        assertThat(asked).hasSize(2);
    }

    @Test
    void failureOfTheWholeTellsWhetherAnythingHappened() {
        failures.add(new RejectedException(ErrorCode.FENCED_BROKER_EPOCH, "who is this"));
        var answers = proposals.propose(77, List.of(proposal(0)));
        pass();
        assertThat(answers).isCompletedExceptionally();
        assertThat(answers.handle((a, failure) -> failure).join())
                .cause()
                .isInstanceOfSatisfying(
                        RejectedException.class, e -> assertThat(e.definite()).isTrue());
    }

    @Test
    void manyProposalsGoInParts() {
        List<IsrProposal> many =
                IntStream.range(0, 2_500).mapToObj(ControllerIsrProposalsTest::proposal).toList();
        assertThat(propose(many)).hasSize(2_500).allMatch(Optional::isEmpty);
        assertThat(asked.stream().map(a -> a.proposals().size()))
                .containsExactly(1_000, 1_000, 500);
        assertThat(propose(List.of())).isEmpty();
    }
}
