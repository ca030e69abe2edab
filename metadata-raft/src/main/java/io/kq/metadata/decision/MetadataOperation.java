package io.kq.metadata.decision;

import io.kq.metadata.image.CoordinationImage.Coordinator;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What can be asked of the controller. Decided one after the other; a refusal is a {@link
 * io.kq.protocol.RejectedException} in the caller's future and changes nothing.
 *
 * @param <R> the reply
 */
public sealed interface MetadataOperation<R> {

    /** Calls the visitor's method for this kind of operation. */
    <T> T accept(Visitor<T> visitor);

    /** One method per kind of operation. */
    interface Visitor<T> {
        T onCreateTopic(CreateTopic operation);

        T onDeleteTopic(DeleteTopic operation);

        T onAllocateProducerIds(AllocateProducerIds operation);

        T onAlterIsr(AlterIsr operation);

        T onElectLeaders(ElectLeaders operation);

        T onAddPartitions(AddPartitions operation);

        T onAlterTopicConfigs(AlterTopicConfigs operation);

        T onAlterReplicas(AlterReplicas operation);

        T onDrainBroker(DrainBroker operation);

        T onResumeBroker(ResumeBroker operation);

        T onUnregisterBroker(UnregisterBroker operation);

        T onWriteVoters(WriteVoters operation);

        T onWriteCoordinators(WriteCoordinators operation);
    }

    /**
     * Creates a topic with leaders.
     *
     * <p>Refusals: INVALID_TOPIC_NAME, TOPIC_ALREADY_EXISTS, TOPIC_NAME_COLLISION,
     * INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR, INVALID_REPLICA_ASSIGNMENT,
     * INSUFFICIENT_BROKERS, UNKNOWN_CONFIG (metadata suggestion), INVALID_CONFIG.
     *
     * @param partitionCount 0 = default; not with {@code assignments}
     * @param replicationFactor 0 = default; not with {@code assignments}
     * @param assignments brokers per partition; empty = placed by the controller
     */
    record CreateTopic(
            String name,
            int partitionCount,
            int replicationFactor,
            List<List<Integer>> assignments,
            Map<String, String> configs,
            boolean validateOnly,
            boolean ifNotExists)
            implements MetadataOperation<TopicCreation> {
        public CreateTopic {
            assignments = assignments.stream().map(List::copyOf).toList();
            configs = Collections.unmodifiableMap(new TreeMap<>(configs));
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onCreateTopic(this);
        }
    }

    /**
     * Deletes a topic by name. Refusals: TOPIC_NOT_FOUND (metadata suggestion). Replies with its
     * id.
     */
    record DeleteTopic(String name, boolean validateOnly) implements MetadataOperation<UUID> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onDeleteTopic(this);
        }
    }

    /** Gives a block of producer ids to a broker. Refusals: FENCED_BROKER_EPOCH. */
    record AllocateProducerIds(int brokerId, long brokerEpoch)
            implements MetadataOperation<ProducerIdBlock> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onAllocateProducerIds(this);
        }
    }

    /**
     * A leader's proposals of ISRs. The reply has one entry for each: why it was refused, or empty:
     * it was taken.
     *
     * <p>Refusals of the whole: FENCED_BROKER_EPOCH. Of one: FENCED_LEADER_EPOCH,
     * UNKNOWN_LEADER_EPOCH, STALE_PARTITION_EPOCH, FENCED_BROKER_EPOCH and INELIGIBLE_REPLICA (of a
     * member), TOPIC_NOT_FOUND, PARTITION_NOT_FOUND, INVALID_ARGUMENT.
     */
    record AlterIsr(int brokerId, long brokerEpoch, List<IsrProposal> proposals)
            implements MetadataOperation<List<Optional<RejectedException>>> {

        /** Of one operation: its records fit into one batch. */
        public static final int PROPOSALS_MAX = 1_000;

        public AlterIsr {
            proposals = List.copyOf(proposals);
            if (proposals.size() > PROPOSALS_MAX) {
                throw new RejectedException(
                        ErrorCode.INVALID_ARGUMENT,
                        "more than " + PROPOSALS_MAX + " proposals in one request");
            }
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onAlterIsr(this);
        }
    }

    /**
     * Elects by an operator's word. The reply has one result for each partition, or, if all were
     * asked for, one for each where something was to be done.
     *
     * <p>Refusals, per partition: TOPIC_NOT_FOUND, PARTITION_NOT_FOUND,
     * PREFERRED_LEADER_NOT_AVAILABLE, ELIGIBLE_LEADERS_NOT_AVAILABLE.
     *
     * @param unclean false: preferred leaders. True: for partitions without a leader, the replica
     *     with the largest log among those that are up, although it may lack committed records
     * @param partitions empty: all
     * @param surveys made by the controller itself before it decides; callers leave it empty
     */
    record ElectLeaders(boolean unclean, List<TopicPartition> partitions, List<LogSurvey> surveys)
            implements MetadataOperation<List<ElectionResult>> {
        public ElectLeaders {
            partitions = List.copyOf(partitions);
            surveys = List.copyOf(surveys);
        }

        /** The same with what the brokers said. */
        public ElectLeaders with(List<LogSurvey> made) {
            return new ElectLeaders(unclean, partitions, made);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onElectLeaders(this);
        }
    }

    /**
     * Adds partitions behind those that a topic has.
     *
     * <p>Refusals: TOPIC_NOT_FOUND, INVALID_PARTITIONS, INVALID_REPLICA_ASSIGNMENT,
     * INSUFFICIENT_BROKERS.
     *
     * @param partitionCount all of them, the new ones included
     * @param assignments of the new ones; empty = placed by the controller
     */
    record AddPartitions(
            String name, int partitionCount, List<List<Integer>> assignments, boolean validateOnly)
            implements MetadataOperation<TopicCreation> {
        public AddPartitions {
            assignments = assignments.stream().map(List::copyOf).toList();
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onAddPartitions(this);
        }
    }

    /**
     * Changes configs of a topic. Replies with its id. Refusals: TOPIC_NOT_FOUND, UNKNOWN_CONFIG,
     * INVALID_CONFIG.
     *
     * @param changes empty: back to the default
     */
    record AlterTopicConfigs(
            String topic, Map<String, Optional<String>> changes, boolean validateOnly)
            implements MetadataOperation<UUID> {
        public AlterTopicConfigs {
            changes = Collections.unmodifiableMap(new TreeMap<>(changes));
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onAlterTopicConfigs(this);
        }
    }

    /**
     * Begins or cancels reassignments, all or none. Replies how many partitions are different by
     * it.
     *
     * <p>Refusals: TOPIC_NOT_FOUND, PARTITION_NOT_FOUND, INVALID_REPLICA_ASSIGNMENT,
     * NO_REASSIGNMENT_IN_PROGRESS, INELIGIBLE_REPLICA (nobody in sync would be left).
     */
    record AlterReplicas(List<Reassignment> reassignments, boolean validateOnly)
            implements MetadataOperation<Integer> {

        /** Of one operation: its records fit into one batch. */
        public static final int REASSIGNMENTS_MAX = 5_000;

        public AlterReplicas {
            reassignments = List.copyOf(reassignments);
            if (reassignments.size() > REASSIGNMENTS_MAX) {
                throw new RejectedException(
                        ErrorCode.INVALID_ARGUMENT,
                        "more than " + REASSIGNMENTS_MAX + " partitions in one request");
            }
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onAlterReplicas(this);
        }

        /**
         * One partition.
         *
         * @param target its replicas when it is done; empty: the one under way is cancelled
         */
        public record Reassignment(TopicPartition partition, Optional<List<Integer>> target) {
            public Reassignment {
                target = target.map(List::copyOf);
            }
        }
    }

    /**
     * Hands over what a broker leads and marks it so that it gets nothing more (rule 30). Replies
     * how many partitions it leads on, because nobody else can. Refusals: BROKER_NOT_FOUND.
     */
    record DrainBroker(int brokerId) implements MetadataOperation<Integer> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onDrainBroker(this);
        }
    }

    /** Takes the mark back. Refusals: BROKER_NOT_FOUND. */
    record ResumeBroker(int brokerId) implements MetadataOperation<Integer> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onResumeBroker(this);
        }
    }

    /**
     * Forgets a broker that is down and has no replicas. Replies with its id. Refusals:
     * BROKER_NOT_FOUND, BROKER_IN_USE.
     */
    record UnregisterBroker(int brokerId) implements MetadataOperation<Integer> {
        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onUnregisterBroker(this);
        }
    }

    /**
     * Writes down which voters Raft has committed. Replies with the version under which they stand;
     * a repetition changes nothing.
     */
    record WriteVoters(List<Voter> voters) implements MetadataOperation<Long> {
        public WriteVoters {
            voters = List.copyOf(voters);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onWriteVoters(this);
        }
    }

    /**
     * Writes down who leads coordination shards. Replies with whether that was news; a repetition
     * changes nothing.
     *
     * @param coordinators by shard
     */
    record WriteCoordinators(Map<Integer, Coordinator> coordinators)
            implements MetadataOperation<Boolean> {
        public WriteCoordinators {
            coordinators = Map.copyOf(coordinators);
        }

        @Override
        public <T> T accept(Visitor<T> visitor) {
            return visitor.onWriteCoordinators(this);
        }
    }

    /**
     * The reply to {@link CreateTopic}; the topic itself is in the image by the time it arrives
     * (unless only validated).
     *
     * @param topicId all zero if only validated
     * @param created false: it existed, or was only validated
     * @param assignments empty in the repeated answer to a request whose topic is gone again
     */
    record TopicCreation(
            UUID topicId, String name, boolean created, List<List<Integer>> assignments) {
        public TopicCreation {
            assignments = assignments.stream().map(List::copyOf).toList();
        }
    }

    /** Ids {@code [firstId, firstId + count)}. */
    record ProducerIdBlock(long firstId, int count) {}
}
