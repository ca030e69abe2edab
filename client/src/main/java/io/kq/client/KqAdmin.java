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
 * carry a request id and are repeated until the deadline, so that each happens once. Futures
 * complete on the client's own thread, which must not be blocked.
 *
 * <p>If no address answers, a call fails with UNREACHABLE within the lesser of five seconds and the
 * request timeout; the message is {@code no broker answered.}, and each entry of the metadata is an
 * address and why, for example {@code 127.0.0.1:1} = {@code connection refused (3 tries, 4.0 s)}.
 */
public interface KqAdmin extends AutoCloseable {

    /**
     * Opens an admin client. Does not wait for the cluster.
     *
     * @throws io.kq.protocol.RejectedException INVALID_ARGUMENT if an address is malformed
     */
    static KqAdmin open(ClientConfig client) {
        return new AdminClient(client);
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
