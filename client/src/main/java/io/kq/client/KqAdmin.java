package io.kq.client;

import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.NewTopic;
import io.kq.client.admin.TopicCreated;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Administration. Any thread. Futures fail with {@link io.kq.protocol.RejectedException}. Mutations
 * carry a request id and are repeated until the deadline, so that each happens once.
 */
public interface KqAdmin extends AutoCloseable {

    /** Opens an admin client. Does not wait for the cluster. */
    @SuppressWarnings("DoNotCallSuggester")
    static KqAdmin open(ClientConfig client) {
        throw new UnsupportedOperationException("to be built");
    }

    CompletableFuture<TopicCreated> createTopic(NewTopic topic);

    CompletableFuture<Void> deleteTopic(String name);

    /** All topics, sorted by name. */
    CompletableFuture<List<TopicDescription>> listTopics();

    CompletableFuture<TopicDescription> describeTopic(String name);

    CompletableFuture<ClusterDescription> describeCluster();

    CompletableFuture<ClusterDescription.Health> health();

    /** Offsets by position; -1 where no record is that young. */
    CompletableFuture<Map<TopicPartition, Long>> listOffsets(
            Map<TopicPartition, KqConsumer.Position> positions);

    @Override
    void close();
}
