package io.kq.broker.rpc.log;

import com.google.protobuf.UnsafeByteOperations;
import io.kq.broker.fetch.FetchTarget;
import io.kq.broker.fetch.LocalRead;
import io.kq.broker.fetch.PartitionRead;
import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRoute;
import io.kq.broker.partition.RemoteLeader;
import io.kq.broker.partition.Watermarks;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.FetchData;
import io.kq.v1.FetchOnceRequest;
import io.kq.v1.FetchOnceResponse;
import io.kq.v1.FetchSubscription;
import io.kq.v1.LogServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * One FetchOnce call: what this node leads is polled here, the rest at the nodes that lead it. It
 * is answered when one of them has something, or all have nothing when the wait is over; those that
 * still wait then are called off. Started on the call's event loop, ends on any thread.
 */
final class FetchOnceCall {

    private static final int BYTES_DEFAULT = 1 << 20;

    /** A response stays below the 4 MiB that clients take, unless its first batch is larger. */
    private static final int BYTES_MAX = 2 << 20;

    private static final int WAIT_MILLIS_MAX = 300_000;

    private final LogRooms rooms;
    private final CallOrigin origin;
    private final int bytesMax;

    private final List<FetchData> refused = new ArrayList<>();
    private final List<LocalRead> here = new ArrayList<>();
    private final Map<Integer, Elsewhere> elsewhere = new TreeMap<>();

    /** What is waited for; cancelled when the answer is there. */
    private final List<CompletableFuture<?>> waits = new ArrayList<>();

    private final List<CompletableFuture<List<FetchData>>> parts = new ArrayList<>();
    private final CompletableFuture<FetchOnceResponse> answer = new CompletableFuture<>();

    /** What one other node is asked. */
    private record Elsewhere(RemoteLeader leader, List<FetchTarget> targets) {}

    private FetchOnceCall(LogRooms rooms, CallOrigin origin, int bytesAsked) {
        this.rooms = rooms;
        this.origin = origin;
        this.bytesMax = bounded(bytesAsked, BYTES_DEFAULT, BYTES_MAX);
    }

    private static int bounded(int unsigned, int whenZero, int max) {
        return unsigned == 0 ? whenZero : unsigned < 0 ? max : Math.min(unsigned, max);
    }

    /** Cancelling the answer ends all waits. */
    static CompletableFuture<FetchOnceResponse> start(
            LogRooms rooms, CallOrigin origin, FetchOnceRequest request) {
        FetchOnceCall call = new FetchOnceCall(rooms, origin, request.getMaxBytes());
        request.getSubscriptionsList().forEach(call::add);
        call.run(bounded(request.getMaxWaitMs(), 0, WAIT_MILLIS_MAX));
        return call.answer;
    }

    private void add(FetchSubscription subscription) {
        try {
            add(FetchTargets.of(subscription));
        } catch (RejectedException invalid) {
            refused.add(
                    FetchData.newBuilder()
                            .setSubscriptionId(subscription.getSubscriptionId())
                            .setTopic(subscription.getTopic())
                            .setPartition(subscription.getPartition())
                            .setError(RejectionCodec.toProto(invalid))
                            .build());
        }
    }

    private void add(FetchTarget target) {
        PartitionRoute route =
                rooms.registry().route(target.topic(), target.partition(), target.topicId());
        if (route instanceof PartitionLeader leader) {
            here.add(new LocalRead(target, leader));
            return;
        }
        RemoteLeader leader = (RemoteLeader) route;
        if (!rooms.mayForward(origin)) {
            throw leader.notLeader();
        }
        elsewhere
                .computeIfAbsent(leader.nodeId(), node -> new Elsewhere(leader, new ArrayList<>()))
                .targets()
                .add(target);
    }

    private void run(int waitMillisAsked) {
        boolean news = !refused.isEmpty() || here.stream().anyMatch(LocalRead::hasNews);
        int waitMillis = news ? 0 : waitMillisAsked;
        parts.add(CompletableFuture.completedFuture(refused));
        if (!here.isEmpty()) {
            CompletableFuture<List<PartitionRead>> poll =
                    rooms.reads().poll(here, bytesMax, Duration.ofMillis(waitMillis));
            waits.add(poll);
            parts.add(poll.thenApply(reads -> reads.stream().map(FetchOnceCall::data).toList()));
        }
        elsewhere.values().forEach(node -> ask(node, waitMillis));
        boolean first = waitMillis > 0;
        for (CompletableFuture<List<FetchData>> part : parts) {
            CompletableFuture<?> unused =
                    part.whenComplete((data, failure) -> partDone(first, data, failure));
        }
        CompletableFuture<?> unused =
                answer.whenComplete((done, over) -> waits.forEach(wait -> wait.cancel(false)));
    }

    private void ask(Elsewhere node, int waitMillis) {
        FetchOnceRequest.Builder request =
                FetchOnceRequest.newBuilder().setMaxBytes(bytesMax).setMaxWaitMs(waitMillis);
        for (FetchTarget target : node.targets()) {
            request.addSubscriptions(FetchTargets.forwarded(target, target.id()));
        }
        CompletableFuture<FetchOnceResponse> asked =
                LeaderCalls.ask(
                        rooms,
                        origin,
                        node.leader(),
                        LogServiceGrpc.getFetchOnceMethod(),
                        request.build());
        waits.add(asked);
        parts.add(
                asked.thenApply(FetchOnceResponse::getDataList)
                        .exceptionally(failure -> failed(node, failure)));
    }

    private static List<FetchData> failed(Elsewhere node, Throwable failure) {
        RejectedException reason = RejectionCodec.fromThrowable(failure);
        return node.targets().stream()
                .map(t -> FetchTargets.dataOf(t).setError(RejectionCodec.toProto(reason)).build())
                .toList();
    }

    private void partDone(boolean firstIsEnough, List<FetchData> data, Throwable failure) {
        if (failure != null) {
            answer.completeExceptionally(failure);
        } else if (parts.stream().allMatch(CompletableFuture::isDone)
                || (firstIsEnough && data.stream().anyMatch(FetchOnceCall::isNews))) {
            finish();
        }
    }

    private static boolean isNews(FetchData data) {
        return data.hasError() || data.hasPacked() || data.getPlain().getRecordsCount() > 0;
    }

    private void finish() {
        FetchOnceResponse.Builder response = FetchOnceResponse.newBuilder();
        for (CompletableFuture<List<FetchData>> part : parts) {
            if (part.isDone() && !part.isCompletedExceptionally()) {
                response.addAllData(part.join());
            }
        }
        answer.complete(response.build());
    }

    private static FetchData data(PartitionRead read) {
        FetchData.Builder data =
                FetchTargets.dataOf(read.target()).setNextOffset(read.nextOffset());
        RejectedException failure = read.failure();
        Watermarks marks = read.marks();
        if (failure != null || marks == null) {
            return failure == null
                    ? data.build()
                    : data.setError(RejectionCodec.toProto(failure)).build();
        }
        data.setHighWatermark(marks.highWatermark())
                .setLastStableOffset(marks.lastStableOffset())
                .setLogStartOffset(marks.logStartOffset());
        if (read.packed().hasRemaining()) {
            data.setPacked(UnsafeByteOperations.unsafeWrap(read.packed()));
        } else if (!read.plain().isEmpty()) {
            data.setPlain(PlainRecords.unpacked(read.plain()));
        }
        return data.build();
    }
}
