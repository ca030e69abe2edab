package io.kq.broker.rpc.replica;

import static io.kq.runtime.Eventually.eventually;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.NodeChannels;
import io.kq.internal.v1.Divergence;
import io.kq.internal.v1.ReplicaData;
import io.kq.internal.v1.ReplicaProgress;
import io.kq.internal.v1.ReplicaSubscription;
import io.kq.internal.v1.ReplicateRequest;
import io.kq.internal.v1.ReplicateResponse;
import io.kq.internal.v1.ReplicationServiceGrpc;
import io.kq.protocol.rpc.netty.TunedTransport;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A leader's node behind a real port that says what the test makes it say, byte by byte. */
final class ScriptedLeader implements AutoCloseable, NodeChannels {

    static final int ID = 1;

    /** A subscription and the stream that it came on. */
    record Asked(ReplicaSubscription subscription, StreamObserver<byte[]> stream) {

        long endOffset() {
            return subscription.getEndOffset();
        }

        /** Begins something for this subscription, with its partition and epoch. */
        ReplicaData.Builder data() {
            return ReplicaData.newBuilder()
                    .setSubscriptionId(subscription.getSubscriptionId())
                    .setTopicId(subscription.getTopicId())
                    .setPartition(subscription.getPartition())
                    .setLeaderEpoch(subscription.getLeaderEpoch());
        }

        /** Whole batches, all of which is committed up to {@code highWatermark}. */
        ReplicaData.Builder batches(long highWatermark, ByteBuffer... batches) {
            ByteString packed = ByteString.EMPTY;
            for (ByteBuffer batch : batches) {
                packed = packed.concat(ByteString.copyFrom(batch.duplicate()));
            }
            return data().setHighWatermark(highWatermark).setPacked(packed);
        }

        void push(ReplicaData.Builder data) {
            send(ReplicateResponse.newBuilder().addData(data).build().toByteArray());
        }

        void diverge(int epoch, long endOffset) {
            push(
                    data().setDivergence(
                                    Divergence.newBuilder()
                                            .setEpoch(epoch)
                                            .setEndOffset(endOffset)));
        }

        void send(byte[] message) {
            stream.onNext(message);
        }
    }

    final List<ReplicaProgress> acknowledged = new CopyOnWriteArrayList<>();

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final EventLoopGroup loops = TunedTransport.eventLoops("scripted-leader", 1);
    private final Server server;
    private final ManagedChannel channel;

    private ScriptedLeader() throws IOException {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server = TunedTransport.server(builder, loops).addService(service()).build().start();
        channel = TunedTransport.channel("127.0.0.1", server.getPort(), loops).build();
    }

    static ScriptedLeader start() {
        try {
            return new ScriptedLeader();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerServiceDefinition service() {
        MethodDescriptor<ReplicateRequest, byte[]> method =
                ReplicationServiceGrpc.getReplicateMethod().toBuilder(
                                ReplicationServiceGrpc.getReplicateMethod().getRequestMarshaller(),
                                new RawBytes())
                        .build();
        return ServerServiceDefinition.builder(ReplicationServiceGrpc.SERVICE_NAME)
                .addMethod(method, ServerCalls.asyncBidiStreamingCall(Requests::new))
                .build();
    }

    @Override
    public Optional<Channel> toNode(int nodeId) {
        return nodeId == ID ? Optional.of(channel) : Optional.empty();
    }

    /** The next subscription that comes. */
    Asked awaitSubscription() {
        try {
            Asked next = asked.poll(1, TimeUnit.MINUTES);
            if (next == null) {
                throw new AssertionError("nobody subscribes");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the follower has acknowledged {@code endOffset} in its subscription. */
    void awaitAcknowledged(Asked subscription, long endOffset) {
        long id = subscription.subscription().getSubscriptionId();
        eventually(
                "acknowledges " + endOffset,
                () ->
                        acknowledged.stream()
                                .anyMatch(
                                        a ->
                                                a.getSubscriptionId() == id
                                                        && a.getEndOffset() == endOffset));
    }

    boolean isAsked() {
        return !asked.isEmpty();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    /** What a follower's node says on one stream. */
    private final class Requests implements StreamObserver<ReplicateRequest> {
        private final StreamObserver<byte[]> answers;

        Requests(StreamObserver<byte[]> answers) {
            this.answers = answers;
        }

        @Override
        public void onNext(ReplicateRequest request) {
            acknowledged.addAll(request.getProgressList());
            request.getSubscribeList().forEach(s -> asked.add(new Asked(s, answers)));
        }

        @Override
        public void onError(Throwable ended) {}

        @Override
        public void onCompleted() {}
    }
}
