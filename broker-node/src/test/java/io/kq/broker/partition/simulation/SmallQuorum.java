package io.kq.broker.partition.simulation;

import io.kq.metadata.decision.BrokerDecisions;
import io.kq.metadata.decision.Decision;
import io.kq.metadata.decision.IsrDecisions;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.decision.Turn;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.PartitionState;
import io.kq.protocol.RejectedException;
import io.kq.runtime.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** What the real deciding code of the controller has decided, one image after the other. */
final class SmallQuorum {

    private static final UUID TOPIC_ID = new UUID(1, 1);
    private static final Turn TURN = new Turn(0, 0, RandomSource.seeded(1), null);

    private final BrokerDecisions brokers;
    private final IsrDecisions isrs;
    private final List<MetadataImage> images = new ArrayList<>();

    SmallQuorum(int nodes, int minIsr, ReplicaRules rules) {
        brokers = new BrokerDecisions(100, rules);
        isrs = new IsrDecisions(rules);
        images.add(MetadataImage.EMPTY);
        for (int id = 0; id < nodes; id++) {
            register(id, false);
            unfence(id);
        }
        List<Integer> all = IntStream.range(0, nodes).boxed().toList();
        commit(
                List.of(
                        new TopicCreated(
                                TOPIC_ID,
                                World.TOPIC,
                                List.of(new PartitionState(all, all, List.of(), 0, 0, 0)),
                                Map.of("min.insync.replicas", "" + minIsr),
                                false,
                                0)));
    }

    private SmallQuorum(SmallQuorum other) {
        brokers = other.brokers;
        isrs = other.isrs;
        images.addAll(other.images);
    }

    SmallQuorum copy() {
        return new SmallQuorum(this);
    }

    int last() {
        return images.size() - 1;
    }

    MetadataImage image(int index) {
        return images.get(index);
    }

    MetadataImage newest() {
        return images.get(images.size() - 1);
    }

    long epochOf(int id) {
        return newest().broker(id).map(BrokerImage::brokerEpoch).orElse(-1L);
    }

    boolean mayFence(int id) {
        return newest().isUp(id);
    }

    boolean mayUnfence(int id) {
        return !newest().isUp(id);
    }

    private void commit(List<MetadataRecord> records) {
        if (!records.isEmpty()) {
            images.add(ImageTransition.applyStrictly(newest(), records).after());
        }
    }

    private void commit(Decision<?> decision) {
        commit(decision.records());
    }

    void fence(int id) {
        commit(brokers.fence(id, epochOf(id), newest(), TURN));
    }

    void unfence(int id) {
        commit(brokers.unfence(id, epochOf(id), newest(), TURN));
    }

    void register(int id, boolean unclean) {
        long gone = epochOf(id);
        Registration registration =
                new Registration(
                        id,
                        new UUID(gone + 2, id),
                        "small",
                        List.of(),
                        "",
                        List.of(new UUID(3, id)),
                        !unclean,
                        "small");
        commit(brokers.register(registration, gone, newest(), TURN));
    }

    /** Whether the proposal was taken. */
    boolean judge(int leader, io.kq.broker.partition.core.leader.IsrProposal proposal) {
        List<io.kq.metadata.decision.IsrProposal.Member> members =
                proposal.members().stream()
                        .map(
                                m ->
                                        new io.kq.metadata.decision.IsrProposal.Member(
                                                m.replica(), m.brokerEpoch()))
                        .toList();
        AlterIsr operation =
                new AlterIsr(
                        leader,
                        epochOf(leader),
                        List.of(
                                new io.kq.metadata.decision.IsrProposal(
                                        TOPIC_ID,
                                        0,
                                        proposal.leaderEpoch(),
                                        proposal.partitionEpoch(),
                                        members)));
        Decision<List<Optional<RejectedException>>> decision = isrs.alter(operation, newest());
        commit(decision);
        return decision.reply().get(0).isEmpty();
    }

    /** Of the images that somebody may still have to hear of. */
    int stateHash(int from) {
        int hash = images.size() - from;
        for (int i = from; i < images.size(); i++) {
            MetadataImage image = images.get(i);
            var topic = image.topics().get(World.TOPIC);
            hash = 31 * hash + (topic == null ? 0 : topic.partitions().get(0).hashCode());
            for (BrokerImage broker : image.allBrokers()) {
                hash = 31 * hash + Long.hashCode(broker.brokerEpoch());
                hash = 31 * hash + (broker.fenced() ? 1 : 0);
            }
        }
        return hash;
    }
}
