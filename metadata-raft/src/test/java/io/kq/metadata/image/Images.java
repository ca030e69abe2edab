package io.kq.metadata.image;

import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerUnfenced;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.Endpoint;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.PartitionState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Images for tests, made by records as real ones are. */
public final class Images {

    public static final UUID TOPIC = new UUID(3, 1);

    private Images() {}

    /** A cluster with these brokers, all up; broker epochs are 100 + id. */
    public static MetadataImage withBrokers(int... ids) {
        List<MetadataRecord> records = new ArrayList<>();
        records.add(new ClusterCreated("c", 1, 1, 0));
        for (int id : ids) {
            records.add(registered(id, 100 + id, ""));
            records.add(new BrokerUnfenced(id, 100 + id, 2));
        }
        return with(MetadataImage.EMPTY, records.toArray(MetadataRecord[]::new));
    }

    public static BrokerRegistered registered(int id, long brokerEpoch, String rack) {
        return new BrokerRegistered(
                id,
                new UUID(brokerEpoch, id),
                brokerEpoch,
                List.of(new Endpoint("NODE", "host-" + id, 9094, "PLAINTEXT")),
                rack,
                List.of(),
                true,
                "test",
                1);
    }

    /** A topic whose partitions all have these replicas, all in sync, the first leads. */
    public static TopicCreated topic(UUID id, String name, int partitions, Integer... replicas) {
        List<Integer> all = Arrays.asList(replicas);
        PartitionState state = new PartitionState(all, all, List.of(), all.get(0), 0, 0);
        return new TopicCreated(
                id, name, Collections.nCopies(partitions, state), Map.of(), false, 1);
    }

    /** The image after these records, each of which must fit. */
    public static MetadataImage with(MetadataImage image, MetadataRecord... records) {
        return ImageTransition.applyStrictly(image, List.of(records)).after();
    }

    /** The delta of a batch that follows the image's last one, in term 1. */
    public static MetadataDelta apply(MetadataImage image, MetadataRecord... records) {
        return ImageTransition.apply(
                image, batch(image, 1, records), image.index() + 1, Math.max(1, image.term()));
    }

    public static MetadataBatch batch(MetadataImage image, long term, MetadataRecord... records) {
        return new MetadataBatch(
                term, image.cluster().lastBatchSequence() + 1, 1, List.of(records));
    }
}
