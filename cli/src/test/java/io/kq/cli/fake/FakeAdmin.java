package io.kq.cli.fake;

import io.kq.client.KqAdmin;
import io.kq.client.KqConsumer.Position;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ConfigDescription;
import io.kq.client.admin.ConfigResource;
import io.kq.client.admin.DeletionOutcome;
import io.kq.client.admin.ElectionOutcome;
import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.GroupListing;
import io.kq.client.admin.NewPartitions;
import io.kq.client.admin.NewTopic;
import io.kq.client.admin.PlacementWish;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicCreated;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.VoterChange;
import io.kq.client.group.GroupOffset;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The admin client of a {@link FakeCluster}. */
final class FakeAdmin implements KqAdmin {

    private final FakeCluster cluster;

    FakeAdmin(FakeCluster cluster) {
        this.cluster = cluster;
    }

    private <T> CompletableFuture<T> answer(Supplier<T> call) {
        try {
            cluster.failIfDown();
            return CompletableFuture.completedFuture(call.get());
        } catch (RejectedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public CompletableFuture<TopicCreated> createTopic(NewTopic topic) {
        return answer(() -> create(topic));
    }

    private TopicCreated create(NewTopic topic) {
        if (cluster.topicNames().contains(topic.name())) {
            if (topic.ifNotExists()) {
                return new TopicCreated(cluster.topic(topic.name()), false, List.of());
            }
            throw new RejectedException(
                    ErrorCode.TOPIC_ALREADY_EXISTS, "topic " + topic.name() + " exists");
        }
        int replicationFactor = Math.max(1, topic.replicationFactor());
        int brokers = cluster.brokers().size();
        if (replicationFactor > brokers) {
            throw new RejectedException(
                    ErrorCode.INSUFFICIENT_BROKERS,
                    "Unable to replicate the partition "
                            + replicationFactor
                            + " time(s): only "
                            + brokers
                            + " broker(s) are registered.");
        }
        TopicDescription created =
                cluster.addTopic(
                        topic.name(),
                        Math.max(1, topic.partitionCount()),
                        replicationFactor,
                        topic.configs());
        return new TopicCreated(created, true, List.of());
    }

    @Override
    public CompletableFuture<Void> deleteTopic(String name) {
        return answer(
                () -> {
                    cluster.topic(name);
                    cluster.removeTopic(name);
                    return null;
                });
    }

    @Override
    public CompletableFuture<List<TopicDescription>> listTopics() {
        return answer(cluster::topics);
    }

    @Override
    public CompletableFuture<TopicDescription> describeTopic(String name) {
        return answer(() -> cluster.topic(name));
    }

    @Override
    public CompletableFuture<ClusterDescription> describeCluster() {
        return answer(
                () ->
                        new ClusterDescription(
                                FakeCluster.CLUSTER_ID,
                                0,
                                12,
                                cluster.brokers(),
                                cluster.quorum(),
                                cluster.topicNames().size()));
    }

    @Override
    public CompletableFuture<ClusterDescription.Health> health() {
        return answer(
                () -> {
                    List<String> problems =
                            cluster.brokers().stream()
                                    .filter(b -> !b.up())
                                    .map(b -> "Broker " + b.id() + " is down.")
                                    .toList();
                    boolean healthy = problems.isEmpty();
                    return new ClusterDescription.Health(
                            healthy, problems, 30, 0, healthy ? 0 : 10, 0);
                });
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Long>> listOffsets(
            Map<TopicPartition, Position> positions) {
        return answer(
                () -> {
                    Map<TopicPartition, Long> offsets = new HashMap<>();
                    positions.forEach(
                            (partition, position) ->
                                    offsets.put(partition, offset(partition, position)));
                    return offsets;
                });
    }

    private long offset(TopicPartition partition, Position position) {
        var log = cluster.log(partition.topic(), partition.partition());
        return switch (position.kind()) {
            case EARLIEST -> cluster.operator().logStart(partition);
            case LATEST -> log.size();
            case OFFSET -> position.value();
            case TIMESTAMP ->
                    log.stream()
                            .filter(r -> r.timestampMillis() >= position.value())
                            .mapToLong(r -> r.offset())
                            .findFirst()
                            .orElse(-1);
        };
    }

    @Override
    public CompletableFuture<Map<TopicPartition, DeletionOutcome>> deleteRecords(
            Map<TopicPartition, Long> beforeOffsets) {
        return answer(
                () -> {
                    Map<TopicPartition, DeletionOutcome> outcomes = new HashMap<>();
                    beforeOffsets.forEach(
                            (partition, offset) ->
                                    outcomes.put(
                                            partition,
                                            cluster.operator().deleteBefore(partition, offset)));
                    return outcomes;
                });
    }

    @Override
    public CompletableFuture<TopicDescription> createPartitions(NewPartitions partitions) {
        return answer(() -> cluster.operator().createPartitions(partitions));
    }

    @Override
    public CompletableFuture<List<ConfigDescription>> describeConfigs(ConfigResource resource) {
        return answer(() -> cluster.operator().describeConfigs(resource));
    }

    @Override
    public CompletableFuture<List<String>> alterConfigs(
            ConfigResource resource, Map<String, Optional<String>> changes, boolean validateOnly) {
        return answer(() -> cluster.operator().alterConfigs(resource, changes, validateOnly));
    }

    @Override
    public CompletableFuture<List<ElectionOutcome>> electLeaders(
            boolean unclean, List<TopicPartition> partitions) {
        return answer(() -> cluster.operator().electLeaders(unclean, partitions));
    }

    @Override
    public CompletableFuture<Integer> alterReplicas(
            Map<TopicPartition, Optional<List<Integer>>> targets, boolean validateOnly) {
        return answer(() -> cluster.operator().alterReplicas(targets, validateOnly));
    }

    @Override
    public CompletableFuture<List<ReassignmentDescription>> listReassignments() {
        return answer(() -> cluster.operator().listReassignments());
    }

    @Override
    public CompletableFuture<SortedMap<TopicPartition, List<Integer>>> planReassignments(
            PlacementWish wish) {
        return answer(() -> cluster.operator().planReassignments(wish));
    }

    @Override
    public CompletableFuture<Integer> drainBroker(int brokerId) {
        return answer(() -> cluster.operator().drain(brokerId));
    }

    @Override
    public CompletableFuture<Void> resumeBroker(int brokerId) {
        return answer(
                () -> {
                    cluster.operator().resume(brokerId);
                    return null;
                });
    }

    @Override
    public CompletableFuture<ClusterDescription.Quorum> describeQuorum() {
        return answer(cluster::quorum);
    }

    @Override
    public CompletableFuture<VoterChange> addVoter(int nodeId) {
        return answer(() -> vote(nodeId, true, "is a voter"));
    }

    @Override
    public CompletableFuture<VoterChange> removeVoter(int nodeId) {
        return answer(() -> vote(nodeId, false, "is no voter"));
    }

    @Override
    public CompletableFuture<VoterChange> replaceVoter(int nodeId) {
        return answer(() -> vote(nodeId, true, "votes"));
    }

    private VoterChange vote(int id, boolean votes, String found) {
        boolean changed = cluster.vote(id, votes);
        return new VoterChange(changed, "node " + id + " " + found, cluster.quorum());
    }

    @Override
    public CompletableFuture<List<GroupListing>> listGroups() {
        return answer(() -> cluster.groups().list());
    }

    @Override
    public CompletableFuture<GroupDescription> describeGroup(String group) {
        return answer(() -> cluster.groups().describe(group));
    }

    @Override
    public CompletableFuture<Void> deleteGroup(String group) {
        return answer(
                () -> {
                    cluster.groups().delete(group);
                    return null;
                });
    }

    @Override
    public CompletableFuture<Set<TopicPartition>> deleteGroupOffsets(
            String group, Set<TopicPartition> partitions) {
        return answer(() -> cluster.groups().deleteOffsets(group, partitions));
    }

    @Override
    public CompletableFuture<Void> setGroupOffsets(
            String group, Map<TopicPartition, GroupOffset> offsets, boolean validateOnly) {
        return answer(
                () -> {
                    cluster.groups().set(group, offsets, validateOnly);
                    return null;
                });
    }

    @Override
    public CompletableFuture<Void> unregisterBroker(int brokerId) {
        return answer(
                () -> {
                    cluster.operator().unregister(brokerId);
                    return null;
                });
    }

    @Override
    public void close() {}
}
