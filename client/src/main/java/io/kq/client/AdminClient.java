package io.kq.client;

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
import io.kq.client.metadata.NodeAddress;
import io.kq.client.rpc.AdminCalls;
import io.kq.client.rpc.ClientLoop;
import io.kq.client.rpc.DeletionCalls;
import io.kq.client.rpc.NodeChannels;
import io.kq.client.rpc.OffsetCalls;
import io.kq.client.rpc.OperatorCalls;
import io.kq.client.rpc.Transport;
import io.kq.client.rpc.UnaryCalls;
import io.kq.client.rpc.group.GroupCalls;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.rpc.netty.TransportSettings;
import io.kq.runtime.Clock;
import io.kq.runtime.RandomSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The admin client: unary calls over one channel; nothing runs between them. */
final class AdminClient implements KqAdmin {

    private static final Logger LOG = LoggerFactory.getLogger(AdminClient.class);

    /** A description of tens of thousands of partitions. */
    private static final int ANSWER_BYTES_MAX = 64 * 1024 * 1024;

    private final ClientLoop loop;
    private final NodeChannels channels;
    private final AdminCalls calls;
    private final OperatorCalls operator;
    private final OffsetCalls offsets;
    private final DeletionCalls deletions;
    private final GroupCalls groups;

    AdminClient(ClientConfig config) {
        List<NodeAddress> addresses = NodeAddress.parseAll(config.bootstrapServers());
        loop =
                ClientLoop.start(
                        "kq-admin",
                        Transport.NIO,
                        (where, bug) -> LOG.error("A task failed where={}", where, bug));
        TransportSettings settings =
                TransportSettings.defaults().withInboundMessageBytesMax(ANSWER_BYTES_MAX);
        channels = new NodeChannels(loop, config.clientId(), Transport.NIO, settings);
        UnaryCalls unary =
                new UnaryCalls(
                        loop, channels, Clock.system(), () -> addresses, config.requestTimeout());
        calls = new AdminCalls(unary, RandomSource.secure());
        operator = new OperatorCalls(unary, RandomSource.secure());
        offsets = new OffsetCalls(unary);
        deletions = new DeletionCalls(unary);
        groups = new GroupCalls(unary);
    }

    @Override
    public CompletableFuture<TopicCreated> createTopic(NewTopic topic) {
        return calls.createTopic(topic);
    }

    @Override
    public CompletableFuture<Void> deleteTopic(String name) {
        return calls.deleteTopic(name);
    }

    @Override
    public CompletableFuture<List<TopicDescription>> listTopics() {
        return calls.listTopics();
    }

    @Override
    public CompletableFuture<TopicDescription> describeTopic(String name) {
        return calls.describeTopic(name);
    }

    @Override
    public CompletableFuture<ClusterDescription> describeCluster() {
        return calls.describeCluster();
    }

    @Override
    public CompletableFuture<ClusterDescription.Health> health() {
        return calls.health();
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Long>> listOffsets(
            Map<TopicPartition, KqConsumer.Position> positions) {
        return StartOffsets.resolve(positions, offsets);
    }

    /**
     * The high watermark is asked for first: what is written between two tries of the same deletion
     * must not go with the second.
     */
    @Override
    public CompletableFuture<Map<TopicPartition, DeletionOutcome>> deleteRecords(
            Map<TopicPartition, Long> beforeOffsets) {
        Map<TopicPartition, KqConsumer.Position> positions = new HashMap<>();
        beforeOffsets.forEach(
                (partition, offset) ->
                        positions.put(
                                partition,
                                offset == HIGH_WATERMARK
                                        ? KqConsumer.Position.LATEST
                                        : KqConsumer.Position.offset(offset)));
        return StartOffsets.resolve(positions, offsets).thenCompose(deletions::delete);
    }

    @Override
    public CompletableFuture<TopicDescription> createPartitions(NewPartitions partitions) {
        return operator.createPartitions(partitions);
    }

    @Override
    public CompletableFuture<List<ConfigDescription>> describeConfigs(ConfigResource resource) {
        return operator.describeConfigs(resource);
    }

    @Override
    public CompletableFuture<List<String>> alterConfigs(
            ConfigResource resource, Map<String, Optional<String>> changes, boolean validateOnly) {
        return operator.alterConfigs(resource, changes, validateOnly);
    }

    @Override
    public CompletableFuture<List<ElectionOutcome>> electLeaders(
            boolean unclean, List<TopicPartition> partitions) {
        return operator.electLeaders(unclean, partitions);
    }

    @Override
    public CompletableFuture<Integer> alterReplicas(
            Map<TopicPartition, Optional<List<Integer>>> targets, boolean validateOnly) {
        return operator.alterReplicas(targets, validateOnly);
    }

    @Override
    public CompletableFuture<List<ReassignmentDescription>> listReassignments() {
        return operator.listReassignments();
    }

    @Override
    public CompletableFuture<SortedMap<TopicPartition, List<Integer>>> planReassignments(
            PlacementWish wish) {
        return operator.planReassignments(wish);
    }

    @Override
    public CompletableFuture<ClusterDescription.Quorum> describeQuorum() {
        return operator.describeQuorum();
    }

    @Override
    public CompletableFuture<VoterChange> addVoter(int nodeId) {
        return operator.addVoter(nodeId);
    }

    @Override
    public CompletableFuture<VoterChange> removeVoter(int nodeId) {
        return operator.removeVoter(nodeId);
    }

    @Override
    public CompletableFuture<VoterChange> replaceVoter(int nodeId) {
        return operator.replaceVoter(nodeId);
    }

    @Override
    public CompletableFuture<Integer> drainBroker(int brokerId) {
        return operator.drainBroker(brokerId);
    }

    @Override
    public CompletableFuture<Void> resumeBroker(int brokerId) {
        return operator.resumeBroker(brokerId);
    }

    @Override
    public CompletableFuture<List<GroupListing>> listGroups() {
        return groups.list();
    }

    @Override
    public CompletableFuture<GroupDescription> describeGroup(String group) {
        return groups.describe(group);
    }

    @Override
    public CompletableFuture<Void> deleteGroup(String group) {
        return groups.delete(group);
    }

    @Override
    public CompletableFuture<Set<TopicPartition>> deleteGroupOffsets(
            String group, Set<TopicPartition> partitions) {
        return groups.deleteOffsets(group, partitions);
    }

    @Override
    public CompletableFuture<Void> setGroupOffsets(
            String group, Map<TopicPartition, GroupOffset> offsets, boolean validateOnly) {
        return groups.setOffsets(group, offsets, validateOnly);
    }

    @Override
    public CompletableFuture<Void> unregisterBroker(int brokerId) {
        return operator.unregisterBroker(brokerId);
    }

    @Override
    public void close() {
        loop.submit(channels::close);
        loop.close();
    }
}
