package io.kq.broker.rpc.replica;

import static io.kq.runtime.Eventually.eventually;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.kq.internal.v1.ReplicaData;
import io.kq.internal.v1.ReplicateRequest;
import io.kq.internal.v1.ReplicateResponse;
import io.kq.internal.v1.ReplicationServiceGrpc;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.record.BatchBytes;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** One stream of a follower's node that says what the test makes it say, byte by byte. */
final class ScriptedFollower {

    private final ClientCall<byte[], ReplicateResponse> call;
    private final List<ReplicaData> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    ScriptedFollower(ManagedChannel channel) {
        MethodDescriptor<byte[], ReplicateResponse> method =
                ReplicationServiceGrpc.getReplicateMethod().toBuilder(
                                new RawBytes(),
                                ReplicationServiceGrpc.getReplicateMethod().getResponseMarshaller())
                        .build();
        call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(new Answers(), new Metadata());
        call.request(1);
    }

    void send(ReplicateRequest.Builder request) {
        send(request.build().toByteArray());
    }

    void send(byte[] message) {
        call.sendMessage(message);
    }

    void cancel() {
        call.cancel("the test is over", null);
    }

    Status awaitEnd() {
        try {
            return end.get(1, TimeUnit.MINUTES);
        } catch (Exception e) {
            throw new AssertionError("the stream goes on", e);
        }
    }

    void awaitPushedTo(long id, long endOffset) {
        await("pushed to " + endOffset, id, d -> pushedTo(d) == endOffset);
    }

    private static long pushedTo(ReplicaData data) {
        if (data.getPacked().isEmpty()) {
            return -1;
        }
        List<BatchBytes> batches = BatchBytes.split(data.getPacked().asReadOnlyByteBuffer());
        return batches.get(batches.size() - 1).header().nextOffset();
    }

    void awaitRefused(long id, ErrorCode code) {
        await("refused with " + code, id, d -> d.getError().getReason().equals(code.name()));
    }

    void awaitDiverged(long id, int epoch, long endOffset) {
        await(
                "parts at " + endOffset,
                id,
                d ->
                        d.hasDivergence()
                                && d.getDivergence().getEpoch() == epoch
                                && d.getDivergence().getEndOffset() == endOffset);
    }

    private void await(String what, long id, Predicate<ReplicaData> condition) {
        eventually(
                what,
                () ->
                        heard.stream()
                                .anyMatch(d -> d.getSubscriptionId() == id && condition.test(d)));
    }

    /** What the leader's node says. */
    private final class Answers extends ClientCall.Listener<ReplicateResponse> {
        @Override
        public void onMessage(ReplicateResponse message) {
            heard.addAll(message.getDataList());
            call.request(1);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
        }
    }
}
