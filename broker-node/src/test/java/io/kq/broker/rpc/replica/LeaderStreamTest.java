package io.kq.broker.rpc.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.follower.Follower;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchBytes;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A follower's end of a stream, over a call that gRPC's rules hold for. */
class LeaderStreamTest {

    private final SimulatedChannel channel = new SimulatedChannel();
    private final LeaderStream stream = LeaderStream.open(channel, 1, () -> 7, new AtomicLong());
    private final Follower follower = new SimulatedFollower();

    /** Makes one call, which takes messages until it is cancelled, and tells nobody of its end. */
    private static final class SimulatedChannel extends Channel {
        private int sent;
        private boolean cancelled;

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            return new ClientCall<>() {
                @Override
                public void start(Listener<A> listener, Metadata headers) {}

                @Override
                public void request(int count) {}

                @Override
                public void cancel(@Nullable String message, @Nullable Throwable cause) {
                    cancelled = true;
                }

                @Override
                public void halfClose() {}

                @Override
                public void sendMessage(Q message) {
                    if (cancelled) {
                        throw new IllegalStateException("call was cancelled");
                    }
                    sent++;
                }
            };
        }

        @Override
        public String authority() {
            return "leader";
        }
    }

    /** Is told nothing in these tests. */
    private static final class SimulatedFollower implements Follower {
        @Override
        public TopicPartition partition() {
            return new TopicPartition("t", 0);
        }

        @Override
        public TopicIdPartition id() {
            return new TopicIdPartition(new UUID(0, 1), 0);
        }

        @Override
        public void pushed(
                long generation,
                int leaderEpoch,
                long highWatermark,
                long logStartOffset,
                List<BatchBytes> batches) {}

        @Override
        public void diverged(long generation, int leaderEpoch, int epoch, long endOffset) {}

        @Override
        public void lost(long generation) {}
    }

    @Test
    void sendsSubscriptionsAndTheirEnds() {
        assertThat(stream.subscribe(follower, new Subscribe(0, 1, 3, 10, 2))).isTrue();
        stream.unsubscribe(follower, 1);
        assertThat(channel.sent).isEqualTo(2);
    }

    /** A stop cancels the streams first and closes the replicas then, which unsubscribe. */
    @Test
    void saysNothingMoreOnceItIsCancelled() {
        stream.subscribe(follower, new Subscribe(0, 1, 3, 10, 2));
        stream.cancel();
        stream.unsubscribe(follower, 1);
        assertThat(channel.sent).isEqualTo(1);
        assertThat(stream.subscribe(follower, new Subscribe(0, 2, 3, 10, 2))).isFalse();
    }
}
