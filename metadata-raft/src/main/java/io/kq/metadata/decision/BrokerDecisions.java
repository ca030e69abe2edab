package io.kq.metadata.decision;

import io.kq.metadata.decision.MetadataOperation.AllocateProducerIds;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.decision.MetadataOperation.ProducerIdBlock;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.BrokerStates;
import io.kq.metadata.placement.LeaderElectionPolicy;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.BrokerUnfenced;
import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Registration, fencing and unfencing of brokers, with the leaderships that move by it, and blocks
 * of producer ids. Pure.
 */
public final class BrokerDecisions {

    /** Ids given to a broker at a time: as many as Kafka's controller gives. */
    static final int PRODUCER_IDS_PER_BLOCK = 1_000;

    /** No older incarnation was found gone. */
    public static final long NONE_GONE = -1;

    /** Partitions that one batch may change: its size is bounded, and so is an entry of the log. */
    private final int partitionsPerBatchMax;

    private final LeaderElectionPolicy elections;

    public BrokerDecisions(int partitionsPerBatchMax, ReplicaRules rules) {
        this.partitionsPerBatchMax = partitionsPerBatchMax;
        this.elections = new LeaderElectionPolicy(rules);
    }

    /**
     * Registers an incarnation with a new broker epoch; the same incarnation again keeps what it
     * has. A new incarnation starts fenced.
     *
     * @param goneEpoch broker epoch of the incarnation that was found to be gone
     */
    public Decision<Long> register(
            Registration registration, long goneEpoch, MetadataImage image, Turn turn) {
        BrokerImage known = image.brokers().get(registration.brokerId());
        long brokerEpoch = turn.batchSequence();
        if (known != null) {
            if (known.incarnationId().equals(registration.incarnationId())) {
                return Decision.nothing(known.brokerEpoch());
            }
            if (known.brokerEpoch() != goneEpoch || !known.fenced()) {
                throw new RejectedException(
                        ErrorCode.NOT_READY,
                        "another process registered as broker " + known.id() + " meanwhile");
            }
            brokerEpoch = Math.max(brokerEpoch, known.brokerEpoch() + 1);
        }
        boolean clean = registration.cleanShutdown() && !lostDirectory(known, registration);
        List<MetadataRecord> records = new ArrayList<>();
        if (!clean) {
            boolean all =
                    changePartitions(
                            image,
                            records,
                            (topic, partition) ->
                                    elections.withoutUncleanBroker(
                                            partition,
                                            registration.brokerId(),
                                            BrokerStates.of(image)));
            if (!all) {
                return new Decision<>(records, brokerEpoch, false);
            }
        }
        records.add(
                new BrokerRegistered(
                        registration.brokerId(),
                        registration.incarnationId(),
                        brokerEpoch,
                        registration.endpoints().stream()
                                .map(BrokerImage.Endpoint::toRecord)
                                .toList(),
                        registration.rack(),
                        registration.directoryIds(),
                        clean,
                        registration.version(),
                        turn.nowMillis()));
        return Decision.of(records, brokerEpoch);
    }

    /** Whether a directory that the broker had is not there any more, and its replicas with it. */
    private static boolean lostDirectory(@Nullable BrokerImage known, Registration registration) {
        return known != null && !registration.directoryIds().containsAll(known.directoryIds());
    }

    /**
     * Fences an incarnation and moves its leaderships, in one batch if that can hold them. The
     * record that fences is in the last one, so that no fenced broker ever leads.
     *
     * @return whether it was fenced by this; false: it already was, or is another incarnation
     */
    public Decision<Boolean> fence(int brokerId, long brokerEpoch, MetadataImage image, Turn turn) {
        BrokerImage broker = image.brokers().get(brokerId);
        if (broker == null || broker.brokerEpoch() != brokerEpoch || broker.fenced()) {
            return Decision.nothing(false);
        }
        List<MetadataRecord> records = new ArrayList<>();
        boolean all =
                changePartitions(
                        image,
                        records,
                        (topic, partition) ->
                                elections.withoutBroker(
                                        partition,
                                        brokerId,
                                        topic.minIsr(partition),
                                        BrokerStates.of(image)));
        if (!all) {
            return new Decision<>(records, true, false);
        }
        records.add(new BrokerFenced(brokerId, brokerEpoch, turn.nowMillis()));
        return Decision.of(records, true);
    }

    /**
     * Marks an incarnation as about to stop, moves its leaderships and takes it out of ISRs that
     * have other members (rule 30), in one batch if that can hold it all. The mark is in the first
     * one, so that nothing is given to it meanwhile.
     *
     * @return whether it is marked; false: another incarnation took its place
     */
    public Decision<Boolean> shutDown(
            int brokerId, long brokerEpoch, MetadataImage image, Turn turn) {
        BrokerImage broker = image.brokers().get(brokerId);
        if (broker == null || broker.brokerEpoch() != brokerEpoch) {
            return Decision.nothing(false);
        }
        List<MetadataRecord> records = new ArrayList<>();
        if (!broker.shuttingDown()) {
            records.add(new BrokerShuttingDown(brokerId, brokerEpoch, turn.nowMillis()));
        }
        boolean all =
                changePartitions(
                        image,
                        records,
                        (topic, partition) -> handedOver(topic, partition, brokerId, image));
        return new Decision<>(records, true, all);
    }

    /** Whether the broker leads or holds up nothing that others could do without it. */
    public boolean hasHandedOver(int brokerId, MetadataImage image) {
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                if (handedOver(topic, partition, brokerId, image).isPresent()) {
                    return false;
                }
            }
        }
        return true;
    }

    private Optional<PartitionImage> handedOver(
            TopicImage topic, PartitionImage partition, int brokerId, MetadataImage image) {
        return partition.leader() == brokerId || partition.isr().contains(brokerId)
                ? elections.withoutLeavingBroker(
                        partition, brokerId, topic.minIsr(partition), BrokerStates.of(image))
                : Optional.empty();
    }

    /**
     * Unfences an incarnation and gives it the leaderships that wait for it.
     *
     * @return whether it is unfenced; false: another incarnation took its place
     */
    public Decision<Boolean> unfence(
            int brokerId, long brokerEpoch, MetadataImage image, Turn turn) {
        BrokerImage broker = image.brokers().get(brokerId);
        if (broker == null || broker.brokerEpoch() != brokerEpoch) {
            return Decision.nothing(false);
        }
        List<MetadataRecord> records = new ArrayList<>();
        if (broker.fenced()) {
            records.add(new BrokerUnfenced(brokerId, brokerEpoch, turn.nowMillis()));
        }
        BrokerStates brokers = BrokerStates.of(image).with(brokerId, !broker.shuttingDown());
        boolean all =
                changePartitions(
                        image,
                        records,
                        (topic, partition) -> elections.withLeader(partition, brokers));
        return new Decision<>(records, true, all);
    }

    /**
     * Leaders for partitions that have none although a candidate is up: what a controller leaves
     * behind that lost its leadership between two parts of a large transition.
     */
    public Decision<Boolean> electMissingLeaders(MetadataImage image) {
        List<MetadataRecord> records = new ArrayList<>();
        boolean all =
                changePartitions(
                        image,
                        records,
                        (topic, partition) ->
                                elections.withLeader(partition, BrokerStates.of(image)));
        return new Decision<>(records, true, all);
    }

    /** What an operator's election is decided by. */
    public LeaderElection electionOf(ElectLeaders operation) {
        return new LeaderElection(operation, elections, partitionsPerBatchMax);
    }

    public Decision<ProducerIdBlock> allocateProducerIds(
            AllocateProducerIds operation, MetadataImage image) {
        BrokerImage broker = image.brokers().get(operation.brokerId());
        if (broker == null || broker.brokerEpoch() != operation.brokerEpoch()) {
            throw fencedEpoch(operation.brokerId(), operation.brokerEpoch());
        }
        long first = image.nextProducerId();
        return Decision.of(
                List.of(
                        new ProducerIdsAllocated(
                                first + PRODUCER_IDS_PER_BLOCK,
                                operation.brokerId(),
                                operation.brokerEpoch())),
                new ProducerIdBlock(first, PRODUCER_IDS_PER_BLOCK));
    }

    public static RejectedException fencedEpoch(int brokerId, long brokerEpoch) {
        return new RejectedException(
                ErrorCode.FENCED_BROKER_EPOCH,
                "broker " + brokerId + " is not registered with broker epoch " + brokerEpoch);
    }

    /**
     * Adds the changes that {@code change} makes; false: there are more than one batch may have.
     */
    private boolean changePartitions(
            MetadataImage image,
            List<MetadataRecord> records,
            BiFunction<TopicImage, PartitionImage, Optional<PartitionImage>> change) {
        int changed = 0;
        for (TopicImage topic : image.topics().values()) {
            List<PartitionImage> partitions = topic.partitions();
            for (int i = 0; i < partitions.size(); i++) {
                Optional<PartitionImage> next = change.apply(topic, partitions.get(i));
                if (next.isPresent()) {
                    if (changed == partitionsPerBatchMax) {
                        return false;
                    }
                    records.add(new PartitionChanged(topic.id(), i, next.get().toState()));
                    changed++;
                }
            }
        }
        return true;
    }
}
