package io.kq.broker.rpc.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.stub.ServerCallStreamObserver;
import io.kq.broker.doubles.HandMadeMetadata;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import io.kq.v1.WatchMetadataResponse;
import io.kq.v1.WatchMetadataResponse.UpdateCase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What those are told who watch the metadata of a node. */
class MetadataWatchTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private boolean outOfTouch;
    private final MetadataWatch watch =
            new MetadataWatch(
                    metadata,
                    new QuorumView(metadata, Optional::empty, List.of()),
                    () -> outOfTouch,
                    loop,
                    clock);

    /** A client that writes down what it is told. */
    private static final class Client extends ServerCallStreamObserver<WatchMetadataResponse> {
        private final List<UpdateCase> told = new ArrayList<>();
        private @Nullable Throwable end;

        @Override
        public void onNext(WatchMetadataResponse value) {
            told.add(value.getUpdateCase());
        }

        @Override
        public void onError(Throwable failure) {
            end = failure;
        }

        @Override
        public void onCompleted() {}

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void disableAutoInboundFlowControl() {}
    }

    private Client client() {
        Client client = new Client();
        watch.add(client, List.of());
        loop.runDue();
        return client;
    }

    private void pass(Duration time) {
        for (long ms = 0; ms < time.toMillis(); ms += 100) {
            clock.advance(Duration.ofMillis(100));
            loop.runDue();
        }
    }

    @Test
    void tellsASnapshotThenChangesAndHeartbeats() {
        Client client = client();
        metadata.broker(0, 9092, 1);
        loop.runDue();
        pass(Duration.ofMillis(2_500));
        assertThat(client.told)
                .containsExactly(
                        UpdateCase.SNAPSHOT,
                        UpdateCase.CHANGE,
                        UpdateCase.HEARTBEAT,
                        UpdateCase.HEARTBEAT);
    }

    @Test
    void sendsItsClientsElsewhereWhenItLosesTouchWithTheController() {
        Client client = client();
        outOfTouch = true;
        pass(Duration.ofSeconds(1));
        assertThat(client.end)
                .isInstanceOfSatisfying(
                        RejectedException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
    }

    @Test
    void whoComesAllTheSameIsToldWhatThereIsAndThenNothingUntilItIsInTouchAgain() {
        outOfTouch = true;
        pass(Duration.ofSeconds(1));
        Client client = client();
        pass(Duration.ofSeconds(10));
        assertThat(client.told).containsExactly(UpdateCase.SNAPSHOT);
        assertThat(client.end).isNull();
        outOfTouch = false;
        pass(Duration.ofSeconds(1));
        assertThat(client.told).containsExactly(UpdateCase.SNAPSHOT, UpdateCase.HEARTBEAT);
    }
}
