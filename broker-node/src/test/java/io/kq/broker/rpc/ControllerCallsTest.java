package io.kq.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.MetadataImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How what only the controller can do gets there, seen from a node that is no voter. */
class ControllerCallsTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final SimulatedSource metadata = new SimulatedSource();
    private final List<Integer> asked = new ArrayList<>();

    /** What the controller answers, one after the other; then it succeeds. */
    private final Queue<RejectedException> refusals = new ArrayDeque<>();

    private final ControllerCalls calls = calls(true);

    private ControllerCalls calls(boolean forwards) {
        return new ControllerCalls(
                9,
                metadata,
                Optional::empty,
                nodeId -> {
                    asked.add(nodeId);
                    return Optional.of(new NoChannel());
                },
                forwards,
                loop,
                clock);
    }

    private static final class NoChannel extends Channel {
        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> m, CallOptions o) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String authority() {
            return "none";
        }
    }

    private static final class SimulatedSource implements MetadataSource {
        private Controller controller = new Controller(1, 1);

        @Override
        public MetadataImage image() {
            return MetadataImage.EMPTY;
        }

        @Override
        public Controller controller() {
            return controller;
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

    private ControllerCalls.Work<String> work() {
        return new ControllerCalls.Work<>(
                voter -> CompletableFuture.failedFuture(new AssertionError("no voter here")),
                (channel, time) -> {
                    RejectedException refusal = refusals.poll();
                    return refusal == null
                            ? CompletableFuture.completedFuture("done")
                            : CompletableFuture.failedFuture(refusal);
                });
    }

    private CompletableFuture<String> within(Duration time) {
        return calls.within(time, work());
    }

    private void pass(Duration time) {
        for (long ms = 0; ms < time.toMillis(); ms += 10) {
            clock.advance(Duration.ofMillis(10));
            loop.runDue();
        }
    }

    private static RejectedException refusal(ErrorCode code, boolean definite) {
        return new RejectedException(code, "refused", definite, Map.of());
    }

    private static RejectedException rejection(CompletableFuture<?> failed) {
        assertThat(failed).isCompletedExceptionally();
        return (RejectedException) failed.handle((done, failure) -> failure).join();
    }

    @Test
    void followsTheControllerWhereverItGoes() {
        refusals.add(refusal(ErrorCode.NOT_CONTROLLER, true));
        refusals.add(refusal(ErrorCode.UNREACHABLE, true));
        CompletableFuture<String> result = within(Duration.ofSeconds(1));
        metadata.controller = new MetadataSource.Controller(2, 2);
        pass(Duration.ofMillis(50));
        metadata.controller = MetadataSource.Controller.NONE;
        pass(Duration.ofMillis(100));
        metadata.controller = new MetadataSource.Controller(0, 3);
        pass(Duration.ofMillis(50));
        assertThat(result).isCompletedWithValue("done");
        assertThat(asked).containsExactly(1, 2, 0);
    }

    @Test
    void decidedRefusalIsNotTriedAgain() {
        refusals.add(refusal(ErrorCode.UNREACHABLE, false));
        refusals.add(refusal(ErrorCode.TOPIC_ALREADY_EXISTS, true));
        CompletableFuture<String> result = within(Duration.ofSeconds(1));
        pass(Duration.ofMillis(50));
        assertThat(rejection(result).code()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS);
        assertThat(rejection(result).definite()).isTrue();
    }

    @Test
    void givesUpInTimeToSayWhy() {
        metadata.controller = MetadataSource.Controller.NONE;
        CompletableFuture<String> result = within(Duration.ofSeconds(1));
        pass(Duration.ofMillis(800));
        assertThat(result).isNotDone();
        pass(Duration.ofMillis(150));
        assertThat(rejection(result).code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(rejection(result).definite()).as("nothing was ever sent").isTrue();
    }

    @Test
    void outcomeIsUnknownIfOneTryMayHaveHadAnEffect() {
        refusals.add(refusal(ErrorCode.UNREACHABLE, false));
        CompletableFuture<String> result = within(Duration.ofSeconds(1));
        metadata.controller = MetadataSource.Controller.NONE;
        pass(Duration.ofSeconds(1));
        assertThat(rejection(result).definite()).isFalse();
    }

    @Test
    void forwardedCallIsNotForwardedAgain() throws Exception {
        CompletableFuture<String> result =
                Context.current()
                        .withValue(CallContext.FORWARDED, "3")
                        .call(() -> calls.forCaller(work(), Duration.ofSeconds(1)));
        assertThat(rejection(result).code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(rejection(result).metadata()).containsEntry("leader_id", "1");
        assertThat(asked).isEmpty();
    }

    @Test
    void nothingIsForwardedWhereThatIsSwitchedOff() {
        CompletableFuture<String> result = calls(false).forCaller(work(), Duration.ofSeconds(1));
        assertThat(rejection(result).code()).isEqualTo(ErrorCode.NOT_CONTROLLER);
        assertThat(asked).isEmpty();
    }
}
