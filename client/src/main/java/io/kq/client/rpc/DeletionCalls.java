package io.kq.client.rpc;

import io.kq.client.admin.DeletionOutcome;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.DeleteRecordsRequest;
import io.kq.v1.DeleteRecordsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.RecordDeletion;
import io.kq.v1.RecordDeletionResult;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Deletes records before given offsets. A partition whose leader is on the move is asked for again,
 * until the request timeout: deleting before the same offset once more changes nothing. Any thread.
 */
public final class DeletionCalls {

    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofMillis(500);

    private final UnaryCalls calls;

    public DeletionCalls(UnaryCalls calls) {
        this.calls = calls;
    }

    /** One outcome for each partition; the future itself fails only by a bug. */
    public CompletableFuture<Map<TopicPartition, DeletionOutcome>> delete(
            Map<TopicPartition, Long> beforeOffsets) {
        Deletion deletion = new Deletion(calls.nanoTime() + calls.timeout().toNanos());
        deletion.ask(beforeOffsets);
        return deletion.result;
    }

    /** One request until all its parts are answered for good. Steps follow each other. */
    private final class Deletion {

        private final CompletableFuture<Map<TopicPartition, DeletionOutcome>> result =
                new CompletableFuture<>();
        private final Map<TopicPartition, DeletionOutcome> outcomes = new HashMap<>();
        private final long deadlineNanos;
        private int rounds;

        Deletion(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        private void ask(Map<TopicPartition, Long> open) {
            if (open.isEmpty()) {
                result.complete(Map.copyOf(outcomes));
                return;
            }
            DeleteRecordsRequest.Builder request = DeleteRecordsRequest.newBuilder();
            open.forEach(
                    (partition, offset) ->
                            request.addDeletions(
                                    RecordDeletion.newBuilder()
                                            .setTopic(partition.topic())
                                            .setPartition(partition.partition())
                                            .setBeforeOffset(offset)));
            var unused =
                    calls.call(LogServiceGrpc.getDeleteRecordsMethod(), request.build())
                            .whenComplete((response, failure) -> ended(open, response, failure));
        }

        private void ended(
                Map<TopicPartition, Long> open,
                @Nullable DeleteRecordsResponse response,
                @Nullable Throwable failure) {
            try {
                if (response != null) {
                    answered(open, response);
                } else if (failure instanceof RejectedException refused) {
                    open.keySet().forEach(each -> put(each, DeletionOutcome.refused(refused)));
                    ask(Map.of());
                } else {
                    result.completeExceptionally(failure);
                }
            } catch (RuntimeException bug) {
                result.completeExceptionally(bug);
            }
        }

        private void put(TopicPartition partition, DeletionOutcome outcome) {
            outcomes.put(partition, outcome);
        }

        private void answered(Map<TopicPartition, Long> open, DeleteRecordsResponse response) {
            Map<TopicPartition, Long> again = new LinkedHashMap<>(open);
            open.keySet().forEach(each -> put(each, DeletionOutcome.refused(missing())));
            for (RecordDeletionResult each : response.getResultsList()) {
                TopicPartition partition = new TopicPartition(each.getTopic(), each.getPartition());
                if (!each.hasError()) {
                    put(partition, DeletionOutcome.done(each.getLogStartOffset()));
                    again.remove(partition);
                    continue;
                }
                RejectedException refusal =
                        RejectionCodec.fromProto(each.getError())
                                .with("partition", partition.toString());
                put(partition, DeletionOutcome.refused(refusal));
                if (!refusal.code().isRetriable()) {
                    again.remove(partition);
                }
            }
            long pauseNanos =
                    Math.min(PAUSE_MAX.toNanos(), PAUSE_MIN.toNanos() << Math.min(rounds++, 5));
            if (calls.nanoTime() + pauseNanos - deadlineNanos >= 0) {
                again.clear();
            }
            if (again.isEmpty()) {
                ask(again);
            } else {
                calls.loop().schedule(Duration.ofNanos(pauseNanos), () -> ask(again));
            }
        }

        private static RejectedException missing() {
            return new RejectedException(ErrorCode.NOT_READY, "an answer is missing").indefinite();
        }
    }
}
