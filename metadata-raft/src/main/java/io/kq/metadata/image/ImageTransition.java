package io.kq.metadata.image;

import io.kq.metadata.image.CoordinationImage.Coordinator;
import io.kq.metadata.image.MetadataImage.ClusterInfo;
import io.kq.metadata.image.MetadataImage.RequestResult;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerResumed;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.BrokerUnfenced;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.CoordinationFounded;
import io.kq.metadata.record.MetadataRecord.CoordinatorChanged;
import io.kq.metadata.record.MetadataRecord.FeatureLevelChanged;
import io.kq.metadata.record.MetadataRecord.NoOp;
import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import io.kq.metadata.record.MetadataRecord.PartitionsAdded;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.MetadataRecord.RequestsExpired;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.MetadataRecord.TopicDeleted;
import io.kq.metadata.record.MetadataRecord.VotersChanged;
import io.kq.metadata.record.VoterSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.pcollections.PSortedMap;

/**
 * Apply: from an image and decided records to the next image. Pure and total: no time, no chance,
 * no iteration in the order of hashes, no record that throws. A record that does not fit the state
 * has no effect, the same on every node; the controller checks before it submits that each of its
 * records fits. Lives for one batch; one thread.
 */
public final class ImageTransition {

    private final MetadataImage before;
    private final BrokersTransition brokers;
    private final TopicsTransition topics;
    private ClusterInfo cluster;
    private long nextProducerId;
    private VoterSet voters;
    private CoordinationImage coordination;
    private PSortedMap<UUID, RequestResult> requests;

    private ImageTransition(MetadataImage before) {
        this.before = before;
        this.brokers = new BrokersTransition(before.brokers());
        this.topics = new TopicsTransition(before);
        this.cluster = before.cluster();
        this.nextProducerId = before.nextProducerId();
        this.voters = before.voters();
        this.coordination = before.coordination();
        this.requests = before.requests();
    }

    /**
     * Applies one entry of the log. The batch is ignored whole if {@link #isIgnored}: it was
     * decided on another image than the one it meets.
     */
    public static MetadataDelta apply(
            MetadataImage image, MetadataBatch batch, long index, long term) {
        if (isIgnored(image, batch, term)) {
            return new MetadataDelta(
                    image, image.at(index, term), Set.of(), Set.of(), Set.of(), Set.of());
        }
        ImageTransition transition = new ImageTransition(image);
        Effects effects = transition.new Effects();
        for (MetadataRecord record : batch.records()) {
            record.accept(effects);
        }
        ClusterInfo cluster = transition.cluster;
        transition.cluster =
                new ClusterInfo(
                        cluster.id(),
                        cluster.createdAtMillis(),
                        cluster.coordinationShardCount(),
                        cluster.featureLevels(),
                        batch.batchSequence());
        return transition.finish(index, term);
    }

    /**
     * Whether the batch has no effect when committed in {@code term} on top of {@code image}:
     *
     * <ul>
     *   <li>it was decided in another term: its controller had lost, and perhaps regained,
     *       leadership in between;
     *   <li>it does not follow the last batch: its controller gave up waiting for one that was
     *       committed after all. A batch is a compare-and-set on the batch sequence.
     * </ul>
     */
    public static boolean isIgnored(MetadataImage image, MetadataBatch batch, long term) {
        return batch.decidedTerm() != term
                || batch.batchSequence() != image.cluster().lastBatchSequence() + 1;
    }

    /**
     * What {@code image} would be with these records: for decisions on top of others of the same
     * batch, and for snapshots.
     *
     * @throws IllegalArgumentException a record has no effect: whoever made it did not look at this
     *     image
     */
    public static MetadataDelta applyStrictly(MetadataImage image, List<MetadataRecord> records) {
        ImageTransition transition = new ImageTransition(image);
        Effects effects = transition.new Effects();
        for (MetadataRecord record : records) {
            if (!record.accept(effects)) {
                throw new IllegalArgumentException("record does not fit the image: " + record);
            }
        }
        return transition.finish(image.index(), image.term());
    }

    private MetadataDelta finish(long index, long term) {
        topics.finish();
        MetadataImage after =
                new MetadataImage(
                        index,
                        term,
                        cluster,
                        brokers.brokers(),
                        topics.topics(),
                        topics.names(),
                        nextProducerId,
                        voters,
                        coordination,
                        requests);
        return new MetadataDelta(
                before,
                after,
                topics.changed(),
                topics.removed(),
                brokers.changed(),
                brokers.removed());
    }

    /** One method per record; each answers whether the record had an effect. */
    private final class Effects implements MetadataRecord.Visitor<Boolean> {

        @Override
        public Boolean onFeatureLevelChanged(FeatureLevelChanged record) {
            cluster =
                    new ClusterInfo(
                            cluster.id(),
                            cluster.createdAtMillis(),
                            cluster.coordinationShardCount(),
                            cluster.featureLevels().plus(record.feature(), record.level()),
                            cluster.lastBatchSequence());
            return true;
        }

        @Override
        public Boolean onClusterCreated(ClusterCreated record) {
            if (!cluster.id().isEmpty()) {
                return false;
            }
            cluster =
                    new ClusterInfo(
                            record.clusterId(),
                            record.createdAtMillis(),
                            record.coordinationShardCount(),
                            cluster.featureLevels(),
                            record.lastBatchSequence());
            return true;
        }

        @Override
        public Boolean onBrokerRegistered(BrokerRegistered record) {
            return brokers.register(record);
        }

        @Override
        public Boolean onBrokerFenced(BrokerFenced record) {
            return brokers.setFenced(
                    record.brokerId(), record.brokerEpoch(), true, record.atMillis());
        }

        @Override
        public Boolean onBrokerUnfenced(BrokerUnfenced record) {
            return brokers.setFenced(
                    record.brokerId(), record.brokerEpoch(), false, record.atMillis());
        }

        @Override
        public Boolean onBrokerShuttingDown(BrokerShuttingDown record) {
            return brokers.setShuttingDown(
                    record.brokerId(), record.brokerEpoch(), true, record.atMillis());
        }

        @Override
        public Boolean onBrokerResumed(BrokerResumed record) {
            return brokers.setShuttingDown(
                    record.brokerId(), record.brokerEpoch(), false, record.atMillis());
        }

        @Override
        public Boolean onBrokerUnregistered(BrokerUnregistered record) {
            return brokers.unregister(record);
        }

        @Override
        public Boolean onTopicCreated(TopicCreated record) {
            return topics.create(record);
        }

        @Override
        public Boolean onPartitionChanged(PartitionChanged record) {
            return topics.change(record);
        }

        @Override
        public Boolean onPartitionsAdded(PartitionsAdded record) {
            return topics.add(record);
        }

        @Override
        public Boolean onTopicDeleted(TopicDeleted record) {
            return topics.delete(record.topicId());
        }

        @Override
        public Boolean onTopicConfigChanged(TopicConfigChanged record) {
            return topics.configure(record);
        }

        @Override
        public Boolean onProducerIdsAllocated(ProducerIdsAllocated record) {
            if (record.nextProducerId() <= nextProducerId) {
                return false;
            }
            nextProducerId = record.nextProducerId();
            return true;
        }

        @Override
        public Boolean onRequestAnswered(RequestAnswered record) {
            if (requests.containsKey(record.requestId())) {
                return false;
            }
            requests =
                    requests.plus(
                            record.requestId(),
                            new RequestResult(record.result(), record.atMillis()));
            return true;
        }

        @Override
        public Boolean onRequestsExpired(RequestsExpired record) {
            requests = requests.minusAll(record.requestIds());
            return true;
        }

        @Override
        public Boolean onVotersChanged(VotersChanged record) {
            if (record.voters().version() <= voters.version()) {
                return false;
            }
            voters = record.voters();
            return true;
        }

        @Override
        public Boolean onCoordinationFounded(CoordinationFounded record) {
            if (!coordination.founders().isEmpty()) {
                return false;
            }
            coordination = new CoordinationImage(record.founders(), coordination.coordinators());
            return true;
        }

        @Override
        public Boolean onCoordinatorChanged(CoordinatorChanged record) {
            long known =
                    coordination.coordinator(record.shard()).map(Coordinator::term).orElse(-1L);
            if (record.term() <= known) {
                return false;
            }
            Coordinator next = new Coordinator(record.nodeId(), record.term());
            coordination =
                    new CoordinationImage(
                            coordination.founders(),
                            coordination.coordinators().plus(record.shard(), next));
            return true;
        }

        @Override
        public Boolean onNoOp(NoOp record) {
            return true;
        }
    }
}
