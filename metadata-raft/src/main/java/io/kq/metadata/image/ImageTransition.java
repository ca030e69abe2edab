package io.kq.metadata.image;

import io.kq.metadata.image.MetadataImage.ClusterInfo;
import io.kq.metadata.image.MetadataImage.RequestResult;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerUnfenced;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.FeatureLevelChanged;
import io.kq.metadata.record.MetadataRecord.NoOp;
import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.MetadataRecord.RequestsExpired;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.MetadataRecord.TopicDeleted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;

/**
 * Apply: from an image and decided records to the next image. Pure and total: no time, no chance,
 * no iteration in the order of hashes, no record that throws. A record that does not fit the state
 * has no effect, the same on every node; the controller checks before it submits that each of its
 * records fits. Lives for one batch; one thread.
 */
public final class ImageTransition {

    private final MetadataImage before;
    private ClusterInfo cluster;
    private PSortedMap<Integer, BrokerImage> brokers;
    private PSortedMap<String, TopicImage> topics;
    private PMap<UUID, String> topicNames;
    private long nextProducerId;
    private PSortedMap<UUID, RequestResult> requests;

    /**
     * Partitions of topics that this batch changes, by topic name: copied once however many of them
     * change. Invariant: the name is in {@link #topics}.
     */
    private final Map<String, List<PartitionImage>> openPartitions = new TreeMap<>();

    private final Set<String> touchedTopics = new TreeSet<>();
    private final Set<Integer> touchedBrokers = new TreeSet<>();
    private final Set<UUID> removedTopics = new TreeSet<>();

    private ImageTransition(MetadataImage before) {
        this.before = before;
        this.cluster = before.cluster();
        this.brokers = before.brokers();
        this.topics = before.topics();
        this.topicNames = before.topicNames();
        this.nextProducerId = before.nextProducerId();
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
        openPartitions.forEach(
                (name, partitions) -> {
                    TopicImage topic = topics.get(name);
                    if (topic != null) {
                        topics = topics.plus(name, topic.withPartitions(partitions));
                    }
                });
        MetadataImage after =
                new MetadataImage(
                        index,
                        term,
                        cluster,
                        brokers,
                        topics,
                        topicNames,
                        nextProducerId,
                        requests);
        Set<String> changedTopics = new TreeSet<>();
        for (String name : touchedTopics) {
            TopicImage topic = topics.get(name);
            if (topic != null && !topic.equals(before.topics().get(name))) {
                changedTopics.add(name);
            }
        }
        removedTopics.removeIf(id -> !before.topicNames().containsKey(id));
        Set<Integer> changedBrokers = new TreeSet<>();
        Set<Integer> removedBrokers = new TreeSet<>();
        for (Integer id : touchedBrokers) {
            BrokerImage broker = brokers.get(id);
            BrokerImage old = before.brokers().get(id);
            if (broker != null && !broker.equals(old)) {
                changedBrokers.add(id);
            } else if (broker == null && old != null) {
                removedBrokers.add(id);
            }
        }
        return new MetadataDelta(
                before, after, changedTopics, removedTopics, changedBrokers, removedBrokers);
    }

    private List<PartitionImage> open(TopicImage topic) {
        return openPartitions.computeIfAbsent(
                topic.name(), name -> new ArrayList<>(topic.partitions()));
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
            BrokerImage old = brokers.get(record.brokerId());
            if (old != null && old.brokerEpoch() >= record.brokerEpoch()) {
                return false;
            }
            touchedBrokers.add(record.brokerId());
            brokers =
                    brokers.plus(
                            record.brokerId(),
                            new BrokerImage(
                                    record.brokerId(),
                                    record.incarnationId(),
                                    record.brokerEpoch(),
                                    record.endpoints().stream()
                                            .map(BrokerImage.Endpoint::of)
                                            .toList(),
                                    record.rack(),
                                    record.directoryIds(),
                                    true,
                                    record.cleanShutdown(),
                                    record.version(),
                                    record.registeredAtMillis()));
            return true;
        }

        @Override
        public Boolean onBrokerFenced(BrokerFenced record) {
            return setFenced(record.brokerId(), record.brokerEpoch(), true, record.atMillis());
        }

        @Override
        public Boolean onBrokerUnfenced(BrokerUnfenced record) {
            return setFenced(record.brokerId(), record.brokerEpoch(), false, record.atMillis());
        }

        private boolean setFenced(int id, long brokerEpoch, boolean fenced, long atMillis) {
            BrokerImage broker = brokers.get(id);
            if (broker == null
                    || broker.brokerEpoch() != brokerEpoch
                    || broker.fenced() == fenced) {
                return false;
            }
            touchedBrokers.add(id);
            brokers = brokers.plus(id, broker.withFenced(fenced, atMillis));
            return true;
        }

        @Override
        public Boolean onBrokerUnregistered(BrokerUnregistered record) {
            BrokerImage broker = brokers.get(record.brokerId());
            if (broker == null || broker.brokerEpoch() != record.brokerEpoch()) {
                return false;
            }
            touchedBrokers.add(record.brokerId());
            brokers = brokers.minus(record.brokerId());
            return true;
        }

        @Override
        public Boolean onTopicCreated(TopicCreated record) {
            if (topics.containsKey(record.name()) || topicNames.containsKey(record.topicId())) {
                return false;
            }
            touchedTopics.add(record.name());
            topics =
                    topics.plus(
                            record.name(),
                            new TopicImage(
                                    record.topicId(),
                                    record.name(),
                                    record.partitions().stream().map(PartitionImage::of).toList(),
                                    record.configs(),
                                    record.internal(),
                                    record.createdAtMillis()));
            topicNames = topicNames.plus(record.topicId(), record.name());
            return true;
        }

        @Override
        public Boolean onPartitionChanged(PartitionChanged record) {
            TopicImage topic = byId(record.topicId());
            if (topic == null
                    || record.partition() < 0
                    || record.partition() >= topic.partitions().size()) {
                return false;
            }
            List<PartitionImage> partitions = open(topic);
            PartitionImage old = partitions.get(record.partition());
            PartitionImage changed = PartitionImage.of(record.state());
            if (changed.partitionEpoch() != old.partitionEpoch() + 1
                    || changed.leaderEpoch() < old.leaderEpoch()) {
                return false;
            }
            touchedTopics.add(topic.name());
            partitions.set(record.partition(), changed);
            return true;
        }

        @Override
        public Boolean onTopicDeleted(TopicDeleted record) {
            TopicImage topic = byId(record.topicId());
            if (topic == null) {
                return false;
            }
            openPartitions.remove(topic.name());
            topics = topics.minus(topic.name());
            topicNames = topicNames.minus(record.topicId());
            removedTopics.add(record.topicId());
            return true;
        }

        @Override
        public Boolean onTopicConfigChanged(TopicConfigChanged record) {
            TopicImage topic = byId(record.topicId());
            if (topic == null) {
                return false;
            }
            Map<String, String> configs = new TreeMap<>(topic.configs());
            record.value()
                    .ifPresentOrElse(
                            value -> configs.put(record.key(), value),
                            () -> configs.remove(record.key()));
            touchedTopics.add(topic.name());
            topics = topics.plus(topic.name(), topic.withConfigs(configs));
            return true;
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
        public Boolean onNoOp(NoOp record) {
            return true;
        }

        private @Nullable TopicImage byId(UUID id) {
            String name = topicNames.get(id);
            return name == null ? null : topics.get(name);
        }
    }
}
