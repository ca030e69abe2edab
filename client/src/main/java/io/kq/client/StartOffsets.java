package io.kq.client;

import io.kq.client.fetch.OffsetLookup;
import io.kq.client.metadata.OffsetQuery;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Turns positions into offsets. */
final class StartOffsets {

    /** The answer where no record is as young as asked. */
    private static final long NONE = -1;

    private StartOffsets() {}

    /** Offsets by position; -1 for a timestamp after the last record. */
    static CompletableFuture<Map<TopicPartition, Long>> resolve(
            Map<TopicPartition, KqConsumer.Position> positions, OffsetLookup lookup) {
        Map<TopicPartition, Long> known = new HashMap<>();
        List<OffsetQuery> queries = new ArrayList<>();
        positions.forEach(
                (partition, position) -> {
                    long value = position.value();
                    switch (position.kind()) {
                        case OFFSET -> known.put(partition, value);
                        case EARLIEST -> queries.add(earliest(partition));
                        case LATEST -> queries.add(latest(partition));
                        case TIMESTAMP ->
                                queries.add(
                                        new OffsetQuery(
                                                partition, OffsetQuery.Kind.TIMESTAMP, value));
                    }
                });
        if (queries.isEmpty()) {
            return CompletableFuture.completedFuture(known);
        }
        return lookup.find(queries)
                .thenApply(
                        found -> {
                            known.putAll(found);
                            return known;
                        });
    }

    /** The same, but the end of the partition for a timestamp after the last record. */
    static CompletableFuture<Map<TopicPartition, Long>> resolveToRead(
            Map<TopicPartition, KqConsumer.Position> positions, OffsetLookup lookup) {
        return resolve(positions, lookup)
                .thenCompose(
                        offsets -> {
                            List<OffsetQuery> ends = new ArrayList<>();
                            offsets.forEach(
                                    (partition, offset) -> {
                                        if (offset == NONE) {
                                            ends.add(latest(partition));
                                        }
                                    });
                            if (ends.isEmpty()) {
                                return CompletableFuture.completedFuture(offsets);
                            }
                            return lookup.find(ends)
                                    .thenApply(
                                            found -> {
                                                offsets.putAll(found);
                                                return offsets;
                                            });
                        });
    }

    static OffsetQuery earliest(TopicPartition partition) {
        return new OffsetQuery(partition, OffsetQuery.Kind.EARLIEST, 0);
    }

    static OffsetQuery latest(TopicPartition partition) {
        return new OffsetQuery(partition, OffsetQuery.Kind.LATEST, 0);
    }
}
