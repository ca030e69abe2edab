package io.kq.metadata.decision;

import io.kq.metadata.decision.LogSurvey.LogEnd;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.BrokerStates;
import io.kq.metadata.placement.PartitionChange;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Elections that no broker's coming or going calls for (rules 24 to 26). Pure. */
public final class ElectionDecisions {

    private static final Comparator<LogEnd> BY_LOG =
            Comparator.comparingInt(LogEnd::lastEpoch).thenComparingLong(LogEnd::endOffset);

    private ElectionDecisions() {}

    /** An election that may have lost records, for the node's own log. */
    public record Elected(String topic, int partition, LogEnd leader) {}

    /**
     * Whether the partition waits for replicas that restarted uncleanly (rule 24): all that could
     * lead did.
     */
    public static boolean waitsForUnclean(PartitionImage partition) {
        return !partition.hasLeader()
                && !partition.unclean().isEmpty()
                && partition.unclean().containsAll(partition.isr())
                && partition.unclean().containsAll(partition.elr());
    }

    /**
     * Elects the replica with the largest log where all that could lead restarted uncleanly, all of
     * these are up and said where their logs end. A survey of another state of the partition, or of
     * a broker that restarted meanwhile, decides nothing.
     */
    public static Decision<List<Elected>> electLargest(
            List<LogSurvey> surveys, MetadataImage image) {
        PartitionEdits edits = new PartitionEdits(image);
        List<Elected> elected = new ArrayList<>();
        for (LogSurvey survey : surveys) {
            TopicImage topic = topicOf(survey.partition(), image).orElse(null);
            if (topic == null) {
                continue;
            }
            int number = survey.partition().partition();
            PartitionImage partition = edits.get(topic, number);
            if (partition.partitionEpoch() != survey.partitionEpoch()
                    || !waitsForUnclean(partition)) {
                continue;
            }
            List<LogEnd> present = present(survey, image);
            boolean allAnswered =
                    partition.unclean().stream()
                            .allMatch(id -> present.stream().anyMatch(end -> end.brokerId() == id));
            Optional<LogEnd> largest = largest(present, partition);
            if (allAnswered
                    && largest.isPresent()
                    && !mayBeBetter(largest.get(), partition, image)) {
                edits.put(topic, number, ledUncleanly(partition, largest.get()));
                elected.add(new Elected(topic.name(), number, largest.get()));
            }
        }
        return Decision.of(edits.records(), elected);
    }

    /** Whether anything at all may be on a replica that is not there: an empty log has nothing. */
    private static boolean mayBeBetter(
            LogEnd largest, PartitionImage partition, MetadataImage image) {
        return largest.isEmpty() && !partition.replicas().stream().allMatch(image::isUp);
    }

    /** Gives the preferred leaders of these partitions their leadership back (rule 26). */
    public static Decision<Integer> restorePreferred(
            List<TopicIdPartition> due, MetadataImage image) {
        PartitionEdits edits = new PartitionEdits(image);
        int restored = 0;
        for (TopicIdPartition id : due) {
            Optional<TopicImage> topic = topicOf(id, image);
            if (topic.isEmpty()) {
                continue;
            }
            Optional<PartitionImage> next =
                    preferred(edits.get(topic.get(), id.partition()), image);
            if (next.isPresent()) {
                edits.put(topic.get(), id.partition(), next.get());
                restored++;
            }
        }
        return Decision.of(edits.records(), restored);
    }

    /** The partition led by its preferred leader, if that can lead and does not. */
    public static Optional<PartitionImage> preferred(
            PartitionImage partition, MetadataImage image) {
        return partition.leader() == partition.preferredLeader()
                ? Optional.empty()
                : new PartitionChange(partition).electPreferred(BrokerStates.of(image)).ifChanged();
    }

    static Optional<TopicImage> topicOf(TopicIdPartition id, MetadataImage image) {
        return image.topic(id.topicId()).filter(t -> id.partition() < t.partitions().size());
    }

    static PartitionImage ledUncleanly(PartitionImage partition, LogEnd leader) {
        return new PartitionChange(partition).electUncleanly(leader.brokerId()).build();
    }

    /** The ends that were said by who is there now. */
    static List<LogEnd> present(LogSurvey survey, MetadataImage image) {
        return survey.ends().stream()
                .filter(
                        end -> {
                            BrokerImage broker = image.brokers().get(end.brokerId());
                            return broker != null
                                    && !broker.fenced()
                                    && broker.brokerEpoch() == end.brokerEpoch();
                        })
                .toList();
    }

    /** Among equal ones the first in the order of replicas. */
    static Optional<LogEnd> largest(List<LogEnd> ends, PartitionImage partition) {
        LogEnd best = null;
        for (int id : partition.replicas()) {
            for (LogEnd end : ends) {
                if (end.brokerId() == id && (best == null || BY_LOG.compare(end, best) > 0)) {
                    best = end;
                }
            }
        }
        return Optional.ofNullable(best);
    }
}
