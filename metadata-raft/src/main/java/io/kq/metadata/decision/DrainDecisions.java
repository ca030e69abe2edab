package io.kq.metadata.decision;

import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.record.MetadataRecord.BrokerResumed;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.List;

/** What operators do with brokers: drain, resume, forget. Pure. */
public final class DrainDecisions {

    private final BrokerDecisions brokers;

    public DrainDecisions(BrokerDecisions brokers) {
        this.brokers = brokers;
    }

    /**
     * As if the broker wanted to stop (rule 30).
     *
     * @return how many partitions it leads on, because nobody else can
     */
    public Decision<Integer> drain(int brokerId, MetadataImage image, Turn turn) {
        BrokerImage broker = require(brokerId, image);
        Decision<Boolean> part = brokers.shutDown(brokerId, broker.brokerEpoch(), image, turn);
        MetadataImage after = ImageTransition.applyStrictly(image, part.records()).after();
        return new Decision<>(part.records(), ledBy(brokerId, after), part.finished());
    }

    /** The broker stays. */
    public Decision<Integer> resume(int brokerId, MetadataImage image, Turn turn) {
        BrokerImage broker = require(brokerId, image);
        return broker.shuttingDown()
                ? Decision.of(
                        List.of(
                                new BrokerResumed(
                                        brokerId, broker.brokerEpoch(), turn.nowMillis())),
                        brokerId)
                : Decision.nothing(brokerId);
    }

    /** Nobody speaks of the broker any more, and nobody will: it is forgotten. */
    public Decision<Integer> unregister(int brokerId, MetadataImage image) {
        BrokerImage broker = require(brokerId, image);
        if (!broker.fenced()) {
            throw new RejectedException(
                    ErrorCode.BROKER_IN_USE,
                    "Broker " + brokerId + " is up. It would register again at once: stop it.");
        }
        int replicas = replicasOn(brokerId, image);
        if (replicas > 0) {
            throw new RejectedException(
                            ErrorCode.BROKER_IN_USE,
                            "Broker " + brokerId + " has " + replicas + " replica(s).")
                    .with("replicas", Integer.toString(replicas));
        }
        return Decision.of(
                List.of(new BrokerUnregistered(brokerId, broker.brokerEpoch())), brokerId);
    }

    private static BrokerImage require(int brokerId, MetadataImage image) {
        return image.broker(brokerId)
                .orElseThrow(
                        () ->
                                new RejectedException(
                                        ErrorCode.BROKER_NOT_FOUND,
                                        "No broker has the id " + brokerId + "."));
    }

    /** How many partitions the broker leads. */
    public static int ledBy(int brokerId, MetadataImage image) {
        int count = 0;
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                count += partition.leader() == brokerId ? 1 : 0;
            }
        }
        return count;
    }

    private static int replicasOn(int brokerId, MetadataImage image) {
        int count = 0;
        for (TopicImage topic : image.topics().values()) {
            for (PartitionImage partition : topic.partitions()) {
                count += partition.replicas().contains(brokerId) ? 1 : 0;
            }
        }
        return count;
    }
}
