package io.kq.metadata.record;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One decided fact. All time, chance and policy are already resolved in it: applying it is pure and
 * the same on every node. The set is closed; a node that meets a record it does not know stops.
 */
public sealed interface MetadataRecord {

    /** Calls the visitor's method for this kind of record. */
    <R> R accept(Visitor<R> visitor);

    /** One method per kind of record: a new kind breaks the build where it is not handled. */
    interface Visitor<R> {
        R onFeatureLevelChanged(FeatureLevelChanged record);

        R onClusterCreated(ClusterCreated record);

        R onBrokerRegistered(BrokerRegistered record);

        R onBrokerFenced(BrokerFenced record);

        R onBrokerUnfenced(BrokerUnfenced record);

        R onBrokerShuttingDown(BrokerShuttingDown record);

        R onBrokerResumed(BrokerResumed record);

        R onBrokerUnregistered(BrokerUnregistered record);

        R onTopicCreated(TopicCreated record);

        R onPartitionChanged(PartitionChanged record);

        R onPartitionsAdded(PartitionsAdded record);

        R onTopicDeleted(TopicDeleted record);

        R onTopicConfigChanged(TopicConfigChanged record);

        R onProducerIdsAllocated(ProducerIdsAllocated record);

        R onRequestAnswered(RequestAnswered record);

        R onRequestsExpired(RequestsExpired record);

        R onVotersChanged(VotersChanged record);

        R onCoordinationFounded(CoordinationFounded record);

        R onCoordinatorChanged(CoordinatorChanged record);

        R onNoOp(NoOp record);
    }

    /** What record types and fields may be written from here on. */
    record FeatureLevelChanged(String feature, int level) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onFeatureLevelChanged(this);
        }
    }

    /**
     * The cluster's birth.
     *
     * @param lastBatchSequence 0 but in a snapshot
     */
    record ClusterCreated(
            String clusterId,
            long createdAtMillis,
            int coordinationShardCount,
            long lastBatchSequence)
            implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onClusterCreated(this);
        }
    }

    /** Where one listener of a broker can be reached. */
    record Endpoint(String listener, String host, int port, String protocol) {}

    /** A process said that it is this broker. It is fenced until it has caught up. */
    record BrokerRegistered(
            int brokerId,
            UUID incarnationId,
            long brokerEpoch,
            List<Endpoint> endpoints,
            String rack,
            List<UUID> directoryIds,
            boolean cleanShutdown,
            String version,
            long registeredAtMillis)
            implements MetadataRecord {
        public BrokerRegistered {
            endpoints = List.copyOf(endpoints);
            directoryIds = List.copyOf(directoryIds);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBrokerRegistered(this);
        }
    }

    /** The session of this incarnation ended. Of no effect on another broker epoch. */
    record BrokerFenced(int brokerId, long brokerEpoch, long atMillis) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBrokerFenced(this);
        }
    }

    /** The broker is up and has the newest metadata. Of no effect on another broker epoch. */
    record BrokerUnfenced(int brokerId, long brokerEpoch, long atMillis) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBrokerUnfenced(this);
        }
    }

    /**
     * The broker is about to stop, or an operator wants it empty of work: it gets no leaderships
     * and joins no ISR until it registers anew or is resumed. Of no effect on another broker epoch.
     */
    record BrokerShuttingDown(int brokerId, long brokerEpoch, long atMillis)
            implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBrokerShuttingDown(this);
        }
    }

    /** The broker stays after all. Of no effect on another broker epoch. */
    record BrokerResumed(int brokerId, long brokerEpoch, long atMillis) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBrokerResumed(this);
        }
    }

    /** The broker left for good. Of no effect on another broker epoch. */
    record BrokerUnregistered(int brokerId, long brokerEpoch) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBrokerUnregistered(this);
        }
    }

    /** A topic with all its partitions. */
    record TopicCreated(
            UUID topicId,
            String name,
            List<PartitionState> partitions,
            Map<String, String> configs,
            boolean internal,
            long createdAtMillis)
            implements MetadataRecord {
        public TopicCreated {
            partitions = List.copyOf(partitions);
            configs = Collections.unmodifiableMap(new TreeMap<>(configs));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onTopicCreated(this);
        }
    }

    /**
     * A partition's new state, whole. A compare-and-set: of no effect unless {@code
     * state.partitionEpoch()} is one above the present one (invariant M6).
     */
    record PartitionChanged(UUID topicId, int partition, PartitionState state)
            implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onPartitionChanged(this);
        }
    }

    /**
     * More partitions, behind those that the topic has. A compare-and-set: of no effect unless the
     * topic has {@code firstPartition} of them.
     */
    record PartitionsAdded(UUID topicId, int firstPartition, List<PartitionState> partitions)
            implements MetadataRecord {
        public PartitionsAdded {
            partitions = List.copyOf(partitions);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onPartitionsAdded(this);
        }
    }

    /** A topic is gone. Its name may come back under another id (invariant M7). */
    record TopicDeleted(UUID topicId) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onTopicDeleted(this);
        }
    }

    /** One setting of a topic; empty: back to its default. */
    record TopicConfigChanged(UUID topicId, String key, Optional<String> value)
            implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onTopicConfigChanged(this);
        }
    }

    /** All producer ids below {@code nextProducerId} are given away. */
    record ProducerIdsAllocated(long nextProducerId, int brokerId, long brokerEpoch)
            implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onProducerIdsAllocated(this);
        }
    }

    /**
     * What a mutating request was answered: stands in the same batch as its effect (invariant M8).
     * The bytes belong to the record and are never changed.
     */
    @SuppressWarnings("ArrayRecordComponent")
    record RequestAnswered(UUID requestId, byte[] result, long atMillis) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onRequestAnswered(this);
        }
    }

    /** These requests' answers are forgotten: nobody repeats them any more. */
    record RequestsExpired(List<UUID> requestIds) implements MetadataRecord {
        public RequestsExpired {
            requestIds = List.copyOf(requestIds);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onRequestsExpired(this);
        }
    }

    /**
     * The voters are these from now on: Raft has committed it. Of no effect unless the version is
     * above the last one's.
     */
    record VotersChanged(VoterSet voters) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onVotersChanged(this);
        }
    }

    /**
     * The coordination shards are begun by these voters, each with the list of all. Of no effect
     * the second time.
     */
    record CoordinationFounded(List<VoterSet.Voter> founders) implements MetadataRecord {
        public CoordinationFounded {
            founders = List.copyOf(founders);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onCoordinationFounded(this);
        }
    }

    /**
     * A node leads a coordination shard. Of no effect unless the term, of the shard's log, is above
     * the last one's.
     */
    record CoordinatorChanged(int shard, int nodeId, long term) implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onCoordinatorChanged(this);
        }
    }

    /** Nothing: keeps followers' commit index fresh and reaches a voter that lost its disk. */
    record NoOp() implements MetadataRecord {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onNoOp(this);
        }
    }
}
