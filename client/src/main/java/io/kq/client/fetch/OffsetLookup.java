package io.kq.client.fetch;

import io.kq.client.metadata.OffsetQuery;
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Port to the leaders' answers about offsets; made by the rpc room. Any thread. */
@FunctionalInterface
public interface OffsetLookup {

    /**
     * One offset per query, -1 where no record is that young. Retries until the request timeout;
     * fails with a {@link io.kq.protocol.RejectedException}.
     */
    CompletableFuture<Map<TopicPartition, Long>> find(List<OffsetQuery> queries);
}
