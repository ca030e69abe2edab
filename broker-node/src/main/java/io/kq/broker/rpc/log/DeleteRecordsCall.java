package io.kq.broker.rpc.log;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRoute;
import io.kq.broker.partition.RemoteLeader;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.DeleteRecordsRequest;
import io.kq.v1.DeleteRecordsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.RecordDeletion;
import io.kq.v1.RecordDeletionResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One DeleteRecords call: answered when every deletion is, in their order. */
final class DeleteRecordsCall {

    private DeleteRecordsCall() {}

    static CompletableFuture<DeleteRecordsResponse> start(
            LogRooms rooms, CallOrigin origin, DeleteRecordsRequest request) {
        List<CompletableFuture<RecordDeletionResult>> results = new ArrayList<>();
        for (RecordDeletion deletion : request.getDeletionsList()) {
            results.add(
                    result(rooms, origin, deletion)
                            .exceptionally(failure -> failed(deletion, failure)));
        }
        return CompletableFuture.allOf(results.toArray(CompletableFuture[]::new))
                .thenApply(
                        done ->
                                DeleteRecordsResponse.newBuilder()
                                        .addAllResults(
                                                results.stream()
                                                        .map(CompletableFuture::join)
                                                        .toList())
                                        .build());
    }

    private static CompletableFuture<RecordDeletionResult> result(
            LogRooms rooms, CallOrigin origin, RecordDeletion deletion) {
        try {
            PartitionRoute route =
                    rooms.registry().route(deletion.getTopic(), deletion.getPartition(), null);
            if (route instanceof PartitionLeader leader) {
                return rooms.reads()
                        .deleteRecords(leader, deletion.getBeforeOffset())
                        .thenApply(start -> named(deletion).setLogStartOffset(start).build());
            }
            RemoteLeader elsewhere = (RemoteLeader) route;
            if (!rooms.mayForward(origin)) {
                throw elsewhere.notLeader();
            }
            return LeaderCalls.ask(
                            rooms,
                            origin,
                            elsewhere,
                            LogServiceGrpc.getDeleteRecordsMethod(),
                            DeleteRecordsRequest.newBuilder().addDeletions(deletion).build())
                    .thenApply(DeleteRecordsCall::only);
        } catch (RejectedException refused) {
            return CompletableFuture.failedFuture(refused);
        }
    }

    /** The leader's answer; without one nobody knows what it did. */
    static RecordDeletionResult only(DeleteRecordsResponse response) {
        if (response.getResultsCount() != 1) {
            throw new RejectedException(
                            ErrorCode.UNREACHABLE,
                            "the leader gave "
                                    + response.getResultsCount()
                                    + " answers to one deletion")
                    .indefinite();
        }
        return response.getResults(0);
    }

    private static RecordDeletionResult.Builder named(RecordDeletion deletion) {
        return RecordDeletionResult.newBuilder()
                .setTopic(deletion.getTopic())
                .setPartition(deletion.getPartition());
    }

    private static RecordDeletionResult failed(RecordDeletion deletion, Throwable failure) {
        return named(deletion)
                .setLogStartOffset(-1)
                .setError(RejectionCodec.toProto(RejectionCodec.fromThrowable(failure)))
                .build();
    }
}
