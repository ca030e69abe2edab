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
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
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

    /** In {@link #deleteRecords}: as Kafka has it. */
    long HIGH_WATERMARK = -1;

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

    /**
     * Deletes the records before given offsets, for good. Each partition by itself: some may be
     * refused when others are done. To do it once more is harmless.
     *
     * @param beforeOffsets at most the high watermark, else OFFSET_OUT_OF_RANGE; {@link
     *     #HIGH_WATERMARK}: all that there is when the call begins; below the first offset: nothing
     *     is to be done
     * @return one outcome for each partition; the future fails where {@link #HIGH_WATERMARK} could
     *     not be resolved, and then nothing was deleted
     */
    CompletableFuture<Map<TopicPartition, DeletionOutcome>> deleteRecords(
            Map<TopicPartition, Long> beforeOffsets);

    /** Adds partitions to a topic, and describes it then. */
    CompletableFuture<TopicDescription> createPartitions(NewPartitions partitions);

    /** By name. */
    CompletableFuture<List<ConfigDescription>> describeConfigs(ConfigResource resource);

    /**
     * Changes configs: what is not named stays as it is.
     *
     * @param changes empty: back to the default
     * @return warnings, for a person
     */
    CompletableFuture<List<String>> alterConfigs(
            ConfigResource resource, Map<String, Optional<String>> changes, boolean validateOnly);

    /**
     * Has leaders elected.
     *
     * @param unclean false: preferred leaders. True: for partitions without a leader the replica
     *     with the largest log that is up; committed records that it lacks are lost
     * @param partitions empty: all
     * @return one outcome each; of all partitions only those where something was to be done
     */
    CompletableFuture<List<ElectionOutcome>> electLeaders(
            boolean unclean, List<TopicPartition> partitions);

    /**
     * Begins or cancels reassignments, all or none. They go on by themselves.
     *
     * @param targets the replicas when it is done; empty: the one under way is cancelled
     * @return how many partitions are different by it
     */
    CompletableFuture<Integer> alterReplicas(
            Map<TopicPartition, Optional<List<Integer>>> targets, boolean validateOnly);

    /** Those under way, by topic and partition. */
    CompletableFuture<List<ReassignmentDescription>> listReassignments();

    /** Where replicas could go: only partitions that would change. Changes nothing. */
    CompletableFuture<SortedMap<TopicPartition, List<Integer>>> planReassignments(
            PlacementWish wish);

    /**
     * Has others lead what a broker leads, and gives it nothing more until it is resumed or
     * restarts.
     *
     * @return how many partitions it leads on, because nobody else can
     */
    CompletableFuture<Integer> drainBroker(int brokerId);

    CompletableFuture<Void> resumeBroker(int brokerId);

    /** The metadata quorum as its leader sees it. */
    CompletableFuture<ClusterDescription.Quorum> describeQuorum();

    /**
     * Makes a node that is up a voter of the metadata quorum. One change of voters at a time; to
     * ask again for what is so already does no harm and says so. Refusals: BROKER_NOT_FOUND,
     * VOTER_NOT_ELIGIBLE, QUORUM_TOO_SMALL, QUORUM_CHANGE_IN_PROGRESS, QUORUM_CHANGE_FAILED.
     */
    CompletableFuture<VoterChange> addVoter(int nodeId);

    /**
     * Makes a voter, up or down, a node that only stores and serves. Refusals like {@link
     * #addVoter}.
     */
    CompletableFuture<VoterChange> removeVoter(int nodeId);

    /**
     * Swaps a voter that lost its disk for the node that came back under its id with an empty one.
     * Refusals like {@link #addVoter}.
     */
    CompletableFuture<VoterChange> replaceVoter(int nodeId);

    /** Consumer groups, by name. */
    CompletableFuture<List<GroupListing>> listGroups();

    /** A consumer group with its members and offsets. Refusal: GROUP_NOT_FOUND. */
    CompletableFuture<GroupDescription> describeGroup(String group);

    /**
     * A group without members goes, with its offsets. Refusals: GROUP_NOT_FOUND, GROUP_NOT_EMPTY.
     */
    CompletableFuture<Void> deleteGroup(String group);

    /**
     * Forgets offsets of a group without members.
     *
     * @return those of which there was one. Refusals: GROUP_NOT_FOUND, GROUP_NOT_EMPTY
     */
    CompletableFuture<Set<TopicPartition>> deleteGroupOffsets(
            String group, Set<TopicPartition> partitions);

    /**
     * Sets offsets of a group without members; one that is not there is made. Refusals:
     * GROUP_NOT_EMPTY, TOPIC_NOT_FOUND, PARTITION_NOT_FOUND.
     */
    CompletableFuture<Void> setGroupOffsets(
            String group, Map<TopicPartition, GroupOffset> offsets, boolean validateOnly);

    /** Forgets a broker that is down and has no replicas. */
    CompletableFuture<Void> unregisterBroker(int brokerId);

    @Override
    void close();
}
