package io.kq.client.fake;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.Broker;
import io.kq.v1.ClusterImage;
import io.kq.v1.Endpoint;
import io.kq.v1.MetadataChange;
import io.kq.v1.Partition;
import io.kq.v1.Topic;
import io.kq.v1.WatchMetadataResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Nodes on loopback sockets that share topics in memory: what a client is tried against where no
 * real cluster is. Made of the generated stubs only, so that it speaks the wire as anyone would.
 * Any thread.
 */
public final class FakeCluster implements AutoCloseable {

    /** A topic and its logs. */
    static final class FakeTopic {
        final UUID id;
        final FakeLog[] logs;
        final int[] leaders;
        final int[] epochs;

        FakeTopic(UUID id, int partitions) {
            this.id = id;
            this.logs = new FakeLog[partitions];
            this.leaders = new int[partitions];
            this.epochs = new int[partitions];
            for (int i = 0; i < partitions; i++) {
                logs[i] = new FakeLog();
            }
        }
    }

    private final Map<String, FakeTopic> topics = new TreeMap<>();
    private final Map<Integer, FakeNode> nodes = new TreeMap<>();
    private final Map<Integer, Integer> advertised = new HashMap<>();
    private final List<StreamObserver<WatchMetadataResponse>> watchers =
            new CopyOnWriteArrayList<>();
    private final AtomicLong producerIds = new AtomicLong();
    private long version = 1;

    /** Starts nodes 0, 1, ... */
    public static FakeCluster start(int nodes) throws IOException {
        FakeCluster cluster = new FakeCluster();
        for (int id = 0; id < nodes; id++) {
            FakeNode node = new FakeNode(cluster, id);
            cluster.nodes.put(id, node);
            node.start(0);
        }
        return cluster;
    }

    public FakeNode node(int id) {
        return nodes.get(id);
    }

    /** {@code 127.0.0.1:port} of a node. */
    public String address(int id) {
        return "127.0.0.1:" + node(id).port();
    }

    /** What clients are told of a node's port, instead of the truth. */
    public synchronized void advertise(int id, int port) {
        advertised.put(id, port);
    }

    /** A topic whose partitions are led by the nodes in turn. */
    public synchronized void createTopic(String name, int partitions) {
        FakeTopic topic = new FakeTopic(UUID.randomUUID(), partitions);
        for (int i = 0; i < partitions; i++) {
            topic.leaders[i] = i % nodes.size();
        }
        topics.put(name, topic);
        changed(MetadataChange.newBuilder().addTopics(describe(name)).build());
    }

    public void deleteTopic(String name) {
        synchronized (this) {
            FakeTopic removed = topics.remove(name);
            changed(
                    MetadataChange.newBuilder()
                            .addRemovedTopicIds(TopicIds.toBytes(removed.id))
                            .build());
        }
        pump();
    }

    /** Clients are told at once. */
    public void moveLeader(String topic, int partition, int to) {
        synchronized (this) {
            FakeTopic moved = topics.get(topic);
            moved.leaders[partition] = to;
            moved.epochs[partition]++;
            changed(MetadataChange.newBuilder().addTopics(describe(topic)).build());
        }
        pump();
    }

    /** Sends what waits to all who read. */
    void pump() {
        nodes.values().forEach(FakeNode::pump);
    }

    private void changed(MetadataChange change) {
        version++;
        WatchMetadataResponse response =
                WatchMetadataResponse.newBuilder().setVersion(version).setChange(change).build();
        watchers.removeIf(
                watcher -> {
                    try {
                        watcher.onNext(response);
                        return false;
                    } catch (RuntimeException gone) {
                        return true;
                    }
                });
    }

    synchronized void watch(StreamObserver<WatchMetadataResponse> watcher) {
        watcher.onNext(
                WatchMetadataResponse.newBuilder()
                        .setVersion(version)
                        .setSnapshot(image())
                        .build());
        watchers.add(watcher);
    }

    synchronized ClusterImage image() {
        ClusterImage.Builder image = ClusterImage.newBuilder().setClusterId("fake");
        for (FakeNode node : nodes.values()) {
            int port = advertised.getOrDefault(node.id(), node.port());
            image.addBrokers(
                    Broker.newBuilder()
                            .setId(node.id())
                            .addEndpoints(
                                    Endpoint.newBuilder().setHost("127.0.0.1").setPort(port)));
        }
        topics.keySet().forEach(name -> image.addTopics(describe(name)));
        return image.build();
    }

    synchronized Topic describe(String name) {
        FakeTopic topic = topics.get(name);
        if (topic == null) {
            return Topic.getDefaultInstance();
        }
        ByteString id = TopicIds.toBytes(topic.id);
        Topic.Builder described = Topic.newBuilder().setName(name).setTopicId(id);
        for (int i = 0; i < topic.logs.length; i++) {
            described.addPartitions(
                    Partition.newBuilder()
                            .setIndex(i)
                            .setLeaderId(topic.leaders[i])
                            .setLeaderEpoch(topic.epochs[i]));
        }
        return described.build();
    }

    synchronized List<String> topicNames() {
        return new ArrayList<>(topics.keySet());
    }

    /** Null: there is none. */
    synchronized FakeTopic topic(String name) {
        return topics.get(name);
    }

    long nextProducerId() {
        return producerIds.getAndIncrement();
    }

    synchronized long version() {
        return version;
    }

    @Override
    public void close() {
        nodes.values().forEach(FakeNode::stop);
    }
}
