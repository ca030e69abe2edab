package io.kq.metadata.codec;

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
import io.kq.metadata.record.MetadataRecord.Endpoint;
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
import io.kq.metadata.record.PartitionState;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One record of each kind and at each edge. */
final class SampleRecords {

    private static final UUID ID = new UUID(-1L, Long.MAX_VALUE);
    private static final long HUGE = Long.MAX_VALUE;

    private SampleRecords() {}

    static List<MetadataRecord> all() {
        List<MetadataRecord> all = new ArrayList<>();
        all.add(new ClusterCreated("cluster-\u00e9\u4e2d", HUGE, Integer.MAX_VALUE, HUGE));
        all.add(new FeatureLevelChanged("metadata.version", 1));
        all.add(broker("rack-1", 3));
        all.add(broker("", 0));
        all.add(new BrokerFenced(Integer.MAX_VALUE, HUGE, HUGE));
        all.add(new BrokerUnfenced(0, 0, 0));
        all.add(new BrokerShuttingDown(Integer.MAX_VALUE, HUGE, HUGE));
        all.add(new BrokerResumed(Integer.MAX_VALUE, HUGE, HUGE));
        all.add(new BrokerUnregistered(7, 9));
        all.add(topic(1));
        all.add(topic(500));
        all.add(new PartitionChanged(ID, 99_999, state(3)));
        all.add(
                new PartitionChanged(
                        ID, 0, new PartitionState(List.of(1), List.of(1), List.of(), -1, 0, 1)));
        all.add(new PartitionsAdded(ID, Integer.MAX_VALUE, List.of(state(3), state(1))));
        all.add(new TopicDeleted(ID));
        all.add(new TopicConfigChanged(ID, "retention.ms", Optional.of("\u20ac")));
        all.add(new TopicConfigChanged(ID, "retention.ms", Optional.of("")));
        all.add(new TopicConfigChanged(ID, "retention.ms", Optional.empty()));
        all.add(new ProducerIdsAllocated(HUGE, Integer.MAX_VALUE, HUGE));
        all.add(new RequestsExpired(List.of(ID, new UUID(0, 0))));
        all.add(new RequestsExpired(List.of()));
        all.add(
                new VotersChanged(
                        new VoterSet(
                                HUGE,
                                List.of(
                                        new Voter(Integer.MAX_VALUE, ID, "h\u00f6st", 65_535),
                                        new Voter(0, ID, "", 0)))));
        all.add(
                new CoordinationFounded(
                        List.of(new Voter(Integer.MAX_VALUE, ID, "h\u00f6st", 65_535))));
        all.add(new CoordinatorChanged(63, Integer.MAX_VALUE, HUGE));
        all.add(new NoOp());
        return all;
    }

    static RequestAnswered answered(int bytes) {
        return new RequestAnswered(ID, new byte[bytes], HUGE);
    }

    private static MetadataRecord broker(String rack, int endpoints) {
        return new BrokerRegistered(
                Integer.MAX_VALUE,
                ID,
                HUGE,
                IntStream.range(0, endpoints)
                        .mapToObj(i -> new Endpoint("L" + i, "h\u00f6st", 65_535, "PLAINTEXT"))
                        .toList(),
                rack,
                List.of(ID, ID),
                endpoints > 0,
                "0.1.0",
                HUGE);
    }

    private static MetadataRecord topic(int partitions) {
        return new TopicCreated(
                ID,
                "t\u00f6pic",
                IntStream.range(0, partitions).mapToObj(i -> state(i % 5 + 1)).toList(),
                IntStream.range(0, partitions % 7)
                        .boxed()
                        .collect(Collectors.toMap(i -> "key-" + i, i -> "value-" + i)),
                partitions == 1,
                HUGE);
    }

    private static PartitionState state(int replicas) {
        List<Integer> ids =
                IntStream.range(0, replicas).mapToObj(i -> Integer.MAX_VALUE - i).toList();
        return new PartitionState(
                ids,
                ids,
                ids,
                -1,
                Integer.MAX_VALUE,
                Integer.MAX_VALUE,
                ids,
                ids,
                ids,
                Integer.MAX_VALUE);
    }
}
