package io.kq.client.rpc;

import io.kq.client.fetch.OffsetLookup;
import io.kq.client.metadata.OffsetQuery;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.ListOffsetsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.OffsetAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Asks for offsets. A partition whose leader is on the move is asked for again, until the request
 * timeout. Any thread.
 */
public final class OffsetCalls implements OffsetLookup {

    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofMillis(500);

    private final UnaryCalls calls;

    public OffsetCalls(UnaryCalls calls) {
        this.calls = calls;
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Long>> find(List<OffsetQuery> queries) {
        Search search = new Search(calls.nanoTime() + calls.timeout().toNanos());
        search.ask(queries);
        return search.result;
    }

    /** One question until all its parts are answered. Steps follow each other. */
    private final class Search {

        private final CompletableFuture<Map<TopicPartition, Long>> result =
                new CompletableFuture<>();
        private final Map<TopicPartition, Long> found = new LinkedHashMap<>();
        private final long deadlineNanos;
        private int rounds;

        Search(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        private void ask(List<OffsetQuery> queries) {
            if (queries.isEmpty()) {
                result.complete(found);
                return;
            }
            ListOffsetsRequest.Builder request = ListOffsetsRequest.newBuilder();
            queries.forEach(query -> request.addQueries(AdminMapping.toProto(query)));
            var unused =
                    calls.call(LogServiceGrpc.getListOffsetsMethod(), request.build())
                            .whenComplete(
                                    (response, failure) -> {
                                        if (failure == null) {
                                            answered(queries, response);
                                        } else {
                                            result.completeExceptionally(failure);
                                        }
                                    });
        }

        private void answered(List<OffsetQuery> queries, ListOffsetsResponse response) {
            List<OffsetQuery> again = new ArrayList<>(queries);
            RejectedException refusal =
                    new RejectedException(ErrorCode.NOT_READY, "an answer is missing");
            for (OffsetAnswer answer : response.getAnswersList()) {
                TopicPartition partition =
                        new TopicPartition(answer.getTopic(), answer.getPartition());
                if (answer.hasError()) {
                    refusal =
                            RejectionCodec.fromProto(answer.getError())
                                    .with("partition", partition.toString());
                    if (!refusal.code().isRetriable()) {
                        result.completeExceptionally(refusal);
                        return;
                    }
                } else {
                    found.put(partition, answer.getOffset());
                    again.removeIf(query -> query.partition().equals(partition));
                }
            }
            long pauseNanos =
                    Math.min(PAUSE_MAX.toNanos(), PAUSE_MIN.toNanos() << Math.min(rounds++, 5));
            if (again.isEmpty()) {
                result.complete(found);
            } else if (calls.nanoTime() + pauseNanos - deadlineNanos >= 0) {
                result.completeExceptionally(refusal);
            } else {
                calls.loop().schedule(Duration.ofNanos(pauseNanos), () -> ask(again));
            }
        }
    }
}
