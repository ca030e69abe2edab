package io.kq.metadata.image;

import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.BrokerUnfenced;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.CoordinationFounded;
import io.kq.metadata.record.MetadataRecord.CoordinatorChanged;
import io.kq.metadata.record.MetadataRecord.FeatureLevelChanged;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.MetadataRecord.VotersChanged;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A snapshot is the records that rebuild an image: one format for the log, the snapshot file and
 * the feed. Equal images give equal records in equal order.
 */
public final class ImageRecords {

    private ImageRecords() {}

    /** The records that rebuild {@code image}, made one by one as they are asked for. */
    public static Iterator<MetadataRecord> of(MetadataImage image) {
        Stream<MetadataRecord> head = head(image);
        Stream<MetadataRecord> brokers =
                image.brokers().values().stream().flatMap(ImageRecords::broker);
        Stream<MetadataRecord> topics = image.topics().values().stream().map(ImageRecords::topic);
        Stream<MetadataRecord> requests =
                image.requests().entrySet().stream()
                        .map(
                                e ->
                                        new RequestAnswered(
                                                e.getKey(),
                                                e.getValue().result(),
                                                e.getValue().atMillis()));
        return Stream.concat(Stream.concat(head, brokers), Stream.concat(topics, requests))
                .iterator();
    }

    /**
     * The image that these records make.
     *
     * @throws IllegalArgumentException they are not the records of an image
     */
    public static MetadataImage restore(List<MetadataRecord> records, long index, long term) {
        return ImageTransition.applyStrictly(MetadataImage.EMPTY, records).after().at(index, term);
    }

    private static Stream<MetadataRecord> head(MetadataImage image) {
        Stream.Builder<MetadataRecord> head = Stream.builder();
        MetadataImage.ClusterInfo cluster = image.cluster();
        if (!cluster.id().isEmpty()) {
            head.add(
                    new ClusterCreated(
                            cluster.id(),
                            cluster.createdAtMillis(),
                            cluster.coordinationShardCount(),
                            cluster.lastBatchSequence()));
        }
        cluster.featureLevels()
                .forEach((feature, level) -> head.add(new FeatureLevelChanged(feature, level)));
        if (image.nextProducerId() > 0) {
            // Whom the last block went to is not part of the state.
            head.add(new ProducerIdsAllocated(image.nextProducerId(), 0, 0));
        }
        if (image.voters().version() > 0) {
            head.add(new VotersChanged(image.voters()));
        }
        if (!image.coordination().founders().isEmpty()) {
            head.add(new CoordinationFounded(image.coordination().founders()));
        }
        image.coordination()
                .coordinators()
                .forEach(
                        (shard, leader) ->
                                head.add(
                                        new CoordinatorChanged(
                                                shard, leader.nodeId(), leader.term())));
        return head.build();
    }

    private static Stream<MetadataRecord> broker(BrokerImage broker) {
        MetadataRecord registered =
                new BrokerRegistered(
                        broker.id(),
                        broker.incarnationId(),
                        broker.brokerEpoch(),
                        broker.endpoints().stream().map(BrokerImage.Endpoint::toRecord).toList(),
                        broker.rack(),
                        broker.directoryIds(),
                        broker.cleanShutdown(),
                        broker.version(),
                        broker.stateSinceMillis());
        Stream.Builder<MetadataRecord> records = Stream.builder();
        records.add(registered);
        if (broker.shuttingDown()) {
            records.add(
                    new BrokerShuttingDown(
                            broker.id(), broker.brokerEpoch(), broker.stateSinceMillis()));
        }
        if (!broker.fenced()) {
            records.add(
                    new BrokerUnfenced(
                            broker.id(), broker.brokerEpoch(), broker.stateSinceMillis()));
        }
        return records.build();
    }

    private static MetadataRecord topic(TopicImage topic) {
        return new TopicCreated(
                topic.id(),
                topic.name(),
                topic.partitions().stream().map(PartitionImage::toState).toList(),
                topic.configs(),
                topic.internal(),
                topic.createdAtMillis());
    }
}
