package io.kq.broker.rpc.log;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRoute;
import io.kq.broker.partition.RemoteLeader;
import io.kq.log.PartitionLog.TimestampAndOffset;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.ListOffsetsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.OffsetAnswer;
import io.kq.v1.OffsetQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** One ListOffsets call: answered when every query is, in their order. */
final class ListOffsetsCall {

    private static final long NONE = -1;

    private final LogRooms rooms;
    private final CallOrigin origin;
    private final List<CompletableFuture<OffsetAnswer>> answers = new ArrayList<>();
    private final Map<Integer, Elsewhere> elsewhere = new TreeMap<>();

    /** What one other node is asked, and who waits for its answers, in the same order. */
    private record Elsewhere(
            RemoteLeader leader,
            ListOffsetsRequest.Builder request,
            List<CompletableFuture<OffsetAnswer>> waiting) {}

    private ListOffsetsCall(LogRooms rooms, CallOrigin origin) {
        this.rooms = rooms;
        this.origin = origin;
    }

    static CompletableFuture<ListOffsetsResponse> start(
            LogRooms rooms, CallOrigin origin, ListOffsetsRequest request) {
        ListOffsetsCall call = new ListOffsetsCall(rooms, origin);
        for (OffsetQuery query : request.getQueriesList()) {
            call.answers.add(call.answer(query).exceptionally(failure -> failed(query, failure)));
        }
        call.elsewhere.values().forEach(call::ask);
        return CompletableFuture.allOf(call.answers.toArray(CompletableFuture[]::new))
                .thenApply(
                        done ->
                                ListOffsetsResponse.newBuilder()
                                        .addAllAnswers(
                                                call.answers.stream()
                                                        .map(CompletableFuture::join)
                                                        .toList())
                                        .build());
    }

    private CompletableFuture<OffsetAnswer> answer(OffsetQuery query) {
        try {
            PartitionRoute route =
                    rooms.registry().route(query.getTopic(), query.getPartition(), null);
            if (route instanceof PartitionLeader leader) {
                return answerHere(query, leader);
            }
            return forward(query, (RemoteLeader) route);
        } catch (RejectedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    private CompletableFuture<OffsetAnswer> answerHere(OffsetQuery query, PartitionLeader leader) {
        return switch (query.getPositionCase()) {
            case EARLIEST -> done(answer(query, leader, leader.reads().earliestOffset(), NONE));
            case LATEST -> done(answer(query, leader, leader.reads().latestOffset(), NONE));
            case TIMESTAMP_MS ->
                    rooms.reads()
                            .findByTimestamp(leader, query.getTimestampMs())
                            .thenApply(found -> answer(query, leader, found));
            case POSITION_NOT_SET ->
                    throw new RejectedException(
                            ErrorCode.INVALID_ARGUMENT,
                            "ask for the earliest or latest offset or one by timestamp");
        };
    }

    private static CompletableFuture<OffsetAnswer> done(OffsetAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static OffsetAnswer answer(
            OffsetQuery query, PartitionLeader leader, Optional<TimestampAndOffset> found) {
        return found.map(at -> answer(query, leader, at.offset(), at.timestampMillis()))
                .orElseGet(() -> answer(query, leader, NONE, NONE));
    }

    private static OffsetAnswer answer(
            OffsetQuery query, PartitionLeader leader, long offset, long timestampMillis) {
        return OffsetAnswer.newBuilder()
                .setTopic(query.getTopic())
                .setPartition(query.getPartition())
                .setOffset(offset)
                .setTimestampMs(timestampMillis)
                .setLeaderEpoch(leader.leaderEpoch())
                .build();
    }

    private CompletableFuture<OffsetAnswer> forward(OffsetQuery query, RemoteLeader leader) {
        if (!rooms.mayForward(origin)) {
            throw leader.notLeader();
        }
        CompletableFuture<OffsetAnswer> waiting = new CompletableFuture<>();
        Elsewhere node =
                elsewhere.computeIfAbsent(
                        leader.nodeId(),
                        id ->
                                new Elsewhere(
                                        leader,
                                        ListOffsetsRequest.newBuilder(),
                                        new ArrayList<>()));
        node.request().addQueries(query);
        node.waiting().add(waiting);
        return waiting;
    }

    private void ask(Elsewhere node) {
        CompletableFuture<?> unused =
                LeaderCalls.ask(
                                rooms,
                                origin,
                                node.leader(),
                                LogServiceGrpc.getListOffsetsMethod(),
                                node.request().build())
                        .whenComplete((response, failure) -> answered(node, response, failure));
    }

    private static void answered(Elsewhere node, ListOffsetsResponse response, Throwable failure) {
        for (int i = 0; i < node.waiting().size(); i++) {
            CompletableFuture<OffsetAnswer> waiting = node.waiting().get(i);
            if (failure != null) {
                waiting.completeExceptionally(failure);
            } else if (i < response.getAnswersCount()) {
                waiting.complete(response.getAnswers(i));
            } else {
                waiting.completeExceptionally(
                        new RejectedException(ErrorCode.UNREACHABLE, "no answer"));
            }
        }
    }

    private static OffsetAnswer failed(OffsetQuery query, Throwable failure) {
        return OffsetAnswer.newBuilder()
                .setTopic(query.getTopic())
                .setPartition(query.getPartition())
                .setOffset(NONE)
                .setTimestampMs(NONE)
                .setError(RejectionCodec.toProto(RejectionCodec.fromThrowable(failure)))
                .build();
    }
}
