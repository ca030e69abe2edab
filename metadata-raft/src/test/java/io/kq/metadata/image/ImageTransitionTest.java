package io.kq.metadata.image;

import static io.kq.metadata.image.Images.TOPIC;
import static io.kq.metadata.image.Images.apply;
import static io.kq.metadata.image.Images.batch;
import static io.kq.metadata.image.Images.registered;
import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.with;
import static io.kq.metadata.image.Images.withBrokers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.metadata.image.CoordinationImage.Coordinator;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerResumed;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.CoordinationFounded;
import io.kq.metadata.record.MetadataRecord.CoordinatorChanged;
import io.kq.metadata.record.MetadataRecord.NoOp;
import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import io.kq.metadata.record.MetadataRecord.PartitionsAdded;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.MetadataRecord.RequestsExpired;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicDeleted;
import io.kq.metadata.record.MetadataRecord.VotersChanged;
import io.kq.metadata.record.PartitionState;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ImageTransitionTest {

    private final MetadataImage image = with(withBrokers(0, 1), topic(TOPIC, "t", 2, 0, 1));

    private PartitionImage partition(MetadataImage of, int number) {
        return of.topic("t").orElseThrow().partitions().get(number);
    }

    /** The partition's next state, with its leader alone in the ISR. */
    private PartitionState shrunk(MetadataImage of, int number) {
        PartitionImage now = partition(of, number);
        return new PartitionState(
                now.replicas(),
                List.of(now.leader()),
                List.of(),
                now.leader(),
                now.leaderEpoch(),
                now.partitionEpoch() + 1);
    }

    @Test
    void batchOfAnotherTermMovesNothingButThePlace() {
        MetadataDelta delta =
                ImageTransition.apply(image, batch(image, 4, new TopicDeleted(TOPIC)), 9, 5);
        assertThat(delta.isEmpty()).isTrue();
        assertThat(delta.after()).isEqualTo(image.at(9, 5));
    }

    @Test
    void batchThatDoesNotFollowTheLastOneMovesNothingButThePlace() {
        MetadataImage next = apply(image, new NoOp()).after();
        var old = batch(image, 1, new TopicDeleted(TOPIC));
        assertThat(ImageTransition.isIgnored(next, old, 1)).isTrue();
        assertThat(ImageTransition.apply(next, old, 9, 1).after()).isEqualTo(next.at(9, 1));
    }

    @Test
    void appliedBatchIsTheLastOneFromThenOn() {
        MetadataImage after = apply(image, new NoOp()).after();
        assertThat(after.cluster().lastBatchSequence())
                .isEqualTo(image.cluster().lastBatchSequence() + 1);
        assertThat(after.index()).isEqualTo(image.index() + 1);
    }

    @Test
    void partitionChangeIsACompareAndSetOnItsEpoch() {
        PartitionState fits = new PartitionState(List.of(0, 1), List.of(1), List.of(), 1, 1, 1);
        PartitionState late = new PartitionState(List.of(0, 1), List.of(0), List.of(), 0, 2, 1);
        MetadataImage after =
                apply(
                                image,
                                new PartitionChanged(TOPIC, 0, fits),
                                new PartitionChanged(TOPIC, 0, late))
                        .after();
        assertThat(partition(after, 0).toState()).isEqualTo(fits);
        assertThat(partition(after, 1)).isEqualTo(partition(image, 1));
    }

    @Test
    void leaderEpochNeverGoesBack() {
        MetadataImage led =
                apply(
                                image,
                                new PartitionChanged(
                                        TOPIC,
                                        0,
                                        new PartitionState(
                                                List.of(0, 1), List.of(1), List.of(), 1, 1, 1)))
                        .after();
        PartitionState back = new PartitionState(List.of(0, 1), List.of(1), List.of(), 0, 0, 2);
        assertThat(apply(led, new PartitionChanged(TOPIC, 0, back)).isEmpty()).isTrue();
    }

    @Test
    void recordsThatDoNotFitHaveNoEffectAndDoNotThrow() {
        PartitionState state = shrunk(image, 0);
        List<MetadataRecord> misfits =
                List.of(
                        new ClusterCreated("other", 1, 1, 0),
                        registered(0, 99, ""),
                        new BrokerFenced(0, 99, 1),
                        new BrokerFenced(5, 1, 1),
                        new BrokerUnregistered(0, 99),
                        new BrokerShuttingDown(0, 99, 1),
                        new BrokerResumed(0, 100, 1),
                        new PartitionsAdded(TOPIC, 1, List.of(state)),
                        new PartitionsAdded(TOPIC, 3, List.of(state)),
                        new PartitionsAdded(TOPIC, 2, List.of()),
                        new PartitionsAdded(new UUID(3, 2), 0, List.of(state)),
                        topic(TOPIC, "other-name", 1, 0),
                        topic(new UUID(3, 2), "t", 1, 0),
                        new PartitionChanged(new UUID(3, 2), 0, state),
                        new PartitionChanged(TOPIC, 2, state),
                        new PartitionChanged(TOPIC, -1, state),
                        new TopicDeleted(new UUID(3, 2)),
                        new TopicConfigChanged(new UUID(3, 2), "k", Optional.of("v")),
                        new ProducerIdsAllocated(0, 0, 100));
        for (MetadataRecord misfit : misfits) {
            MetadataDelta delta = apply(image, misfit);
            assertThat(delta.isEmpty()).as(misfit.toString()).isTrue();
            assertThat(delta.after().topics()).isEqualTo(image.topics());
            assertThatThrownBy(() -> with(image, misfit))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void partitionsAreAddedBehindThoseThatAreThere() {
        PartitionState state = new PartitionState(List.of(1), List.of(1), List.of(), 1, 0, 0);
        MetadataDelta delta =
                apply(
                        image,
                        new PartitionChanged(TOPIC, 1, shrunk(image, 1)),
                        new PartitionsAdded(TOPIC, 2, List.of(state, state)),
                        new PartitionsAdded(TOPIC, 4, List.of(state)));
        assertThat(delta.changedTopics()).containsExactly("t");
        assertThat(delta.after().topic("t").orElseThrow().partitions()).hasSize(5);
        assertThat(partition(delta.after(), 1).isr()).containsExactly(0);
        assertThat(partition(delta.after(), 4).toState()).isEqualTo(state);
    }

    @Test
    void coordinatorsAreOfTheNewestTermAlsoInASnapshot() {
        List<Voter> founders = List.of(new Voter(1, new UUID(1, 1), "kq-1", 9093));
        MetadataImage changed =
                apply(
                                image,
                                new CoordinationFounded(founders),
                                new CoordinationFounded(List.of()),
                                new CoordinatorChanged(3, 1, 7),
                                new CoordinatorChanged(3, 2, 7),
                                new CoordinatorChanged(0, 2, 1))
                        .after();
        assertThat(changed.coordination().founders()).isEqualTo(founders);
        assertThat(changed.coordination().coordinator(3)).contains(new Coordinator(1, 7));
        assertThat(changed.coordination().coordinator(0)).contains(new Coordinator(2, 1));
        assertThat(changed.coordination().coordinator(1)).isEmpty();
        List<MetadataRecord> records = new ArrayList<>();
        ImageRecords.of(changed).forEachRemaining(records::add);
        assertThat(ImageRecords.restore(records, changed.index(), changed.term()).coordination())
                .isEqualTo(changed.coordination());
    }

    @Test
    void votersAreOfTheNewestVersionAlsoInASnapshot() {
        VoterSet second = new VoterSet(2, List.of(new Voter(1, new UUID(1, 1), "kq-1", 9093)));
        MetadataImage changed = apply(image, new VotersChanged(second)).after();
        assertThat(changed.voters()).isEqualTo(second);
        assertThat(apply(changed, new VotersChanged(new VoterSet(2, List.of()))).after().voters())
                .isEqualTo(second);
        List<MetadataRecord> records = new ArrayList<>();
        ImageRecords.of(changed).forEachRemaining(records::add);
        assertThat(ImageRecords.restore(records, changed.index(), changed.term()).voters())
                .isEqualTo(second);
    }

    @Test
    void brokerShutsDownUntilItIsResumedOrRegistersAnew() {
        MetadataImage leaving = apply(image, new BrokerShuttingDown(0, 100, 7)).after();
        assertThat(leaving.isUp(0)).isTrue();
        assertThat(leaving.isActive(0)).isFalse();
        assertThat(leaving.broker(0).orElseThrow().stateSinceMillis()).isEqualTo(7);
        assertThat(apply(leaving, new BrokerResumed(0, 100, 8)).after().isActive(0)).isTrue();
        MetadataImage fenced = apply(leaving, new BrokerFenced(0, 100, 9)).after();
        assertThat(fenced.broker(0).orElseThrow().shuttingDown()).isTrue();
        MetadataImage again = apply(fenced, registered(0, 101, "")).after();
        assertThat(again.broker(0).orElseThrow().shuttingDown()).isFalse();
    }

    @Test
    void snapshotHoldsTheWholeOfAPartitionAndABroker() {
        PartitionState state =
                new PartitionState(
                        List.of(0, 1, 5),
                        List.of(0),
                        List.of(1),
                        0,
                        3,
                        1,
                        List.of(5),
                        List.of(1),
                        List.of(5),
                        2);
        MetadataImage rich =
                apply(
                                image,
                                new PartitionChanged(TOPIC, 0, state),
                                new BrokerShuttingDown(0, 100, 7),
                                new BrokerShuttingDown(1, 101, 7),
                                new BrokerFenced(1, 101, 8))
                        .after();
        List<MetadataRecord> records = new ArrayList<>();
        ImageRecords.of(rich).forEachRemaining(records::add);
        assertThat(ImageRecords.restore(records, rich.index(), rich.term())).isEqualTo(rich);
    }

    @Test
    void recreatedNameIsAnotherTopic() {
        UUID again = new UUID(3, 9);
        MetadataDelta delta = apply(image, new TopicDeleted(TOPIC), topic(again, "t", 1, 0));
        assertThat(delta.removedTopics()).containsExactly(TOPIC);
        assertThat(delta.changedTopics()).containsExactly("t");
        assertThat(delta.after().topic(TOPIC)).isEmpty();
        assertThat(delta.after().topic(again)).isPresent();
    }

    @Test
    void changesOfADeletedTopicInTheSameBatchLeaveNothingBehind() {
        PartitionState next = shrunk(image, 0);
        MetadataDelta delta =
                apply(
                        image,
                        new PartitionChanged(TOPIC, 0, next),
                        new TopicDeleted(TOPIC),
                        new PartitionChanged(TOPIC, 0, next));
        assertThat(delta.after().topics()).isEmpty();
        assertThat(delta.changedTopics()).isEmpty();
        assertThat(delta.removedTopics()).containsExactly(TOPIC);
    }

    @Test
    void settingsAndPartitionsOfOneTopicChangeInOneBatch() {
        PartitionState next = shrunk(image, 1);
        MetadataImage after =
                apply(
                                image,
                                new PartitionChanged(TOPIC, 1, next),
                                new TopicConfigChanged(TOPIC, "k", Optional.of("v")),
                                new TopicConfigChanged(TOPIC, "gone", Optional.of("v")),
                                new TopicConfigChanged(TOPIC, "gone", Optional.empty()))
                        .after();
        assertThat(partition(after, 1).toState()).isEqualTo(next);
        assertThat(after.topic("t").orElseThrow().configs()).isEqualTo(Map.of("k", "v"));
    }

    @Test
    void deltaOfABatchIsTheDifferenceOfItsImages() {
        MetadataDelta delta =
                apply(
                        image,
                        new BrokerFenced(0, 100, 7),
                        new BrokerUnregistered(1, 101),
                        topic(new UUID(3, 5), "u", 1, 0),
                        topic(new UUID(3, 6), "gone", 1, 0),
                        new TopicDeleted(new UUID(3, 6)));
        assertThat(delta).isEqualTo(MetadataDelta.between(image, delta.after()));
        assertThat(delta.changedBrokers()).containsExactly(0);
        assertThat(delta.removedBrokers()).containsExactly(1);
    }

    @Test
    void forgottenRequestsAreGone() {
        UUID kept = new UUID(1, 1);
        UUID expired = new UUID(1, 2);
        MetadataImage after =
                apply(
                                image,
                                new RequestAnswered(kept, new byte[] {1}, 5),
                                new RequestAnswered(expired, new byte[] {2}, 5),
                                new RequestsExpired(List.of(expired)))
                        .after();
        assertThat(after.requests()).containsOnlyKeys(kept);
    }

    @Test
    void imageComesBackFromItsRecords() {
        MetadataImage full =
                apply(
                                image,
                                new BrokerFenced(1, 101, 8),
                                new ProducerIdsAllocated(5_000, 0, 100),
                                new RequestAnswered(new UUID(1, 1), new byte[] {1, 2}, 5),
                                new TopicConfigChanged(TOPIC, "k", Optional.of("v")))
                        .after();
        List<MetadataRecord> records = new ArrayList<>();
        ImageRecords.of(full).forEachRemaining(records::add);
        MetadataImage restored = ImageRecords.restore(records, full.index(), full.term());
        assertThat(restored).isEqualTo(full);
    }

    @Test
    void emptyImageHasNoRecords() {
        assertThat(ImageRecords.of(MetadataImage.EMPTY).hasNext()).isFalse();
        assertThat(ImageRecords.restore(List.of(), -1, 0)).isEqualTo(MetadataImage.EMPTY);
    }
}
