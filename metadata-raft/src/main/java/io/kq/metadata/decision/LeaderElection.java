package io.kq.metadata.decision;

import io.kq.metadata.decision.LogSurvey.LogEnd;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.BrokerStates;
import io.kq.metadata.placement.LeaderElectionPolicy;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One election by an operator's word (rules 25, 26), perhaps in several batches. Remembers what it
 * elected, since the image alone does not tell that from what was there before. Loop thread only.
 */
public final class LeaderElection implements Decision.Decider<List<ElectionResult>> {

    private final ElectLeaders operation;
    private final LeaderElectionPolicy elections;
    private final int partitionsPerBatchMax;
    private final Map<TopicIdPartition, LogSurvey> surveys = new HashMap<>();

    /** What was elected, as it stands in the image once that is applied. */
    private final Map<TopicPartition, PartitionImage> elected = new LinkedHashMap<>();

    private final Map<TopicPartition, ElectionResult> results = new LinkedHashMap<>();

    LeaderElection(
            ElectLeaders operation, LeaderElectionPolicy elections, int partitionsPerBatchMax) {
        this.operation = operation;
        this.elections = elections;
        this.partitionsPerBatchMax = partitionsPerBatchMax;
        operation.surveys().forEach(survey -> surveys.put(survey.partition(), survey));
    }

    @Override
    public Decision<List<ElectionResult>> decide(MetadataImage image, Turn turn) {
        PartitionEdits edits = new PartitionEdits(image);
        boolean all = operation.partitions().isEmpty();
        int changed = 0;
        for (TopicPartition id : all ? everyPartition(image) : operation.partitions()) {
            Optional<TopicImage> topic = image.topic(id.topic());
            PartitionImage partition =
                    topic.filter(t -> id.partition() < t.partitions().size())
                            .map(t -> edits.get(t, id.partition()))
                            .orElse(null);
            if (topic.isEmpty() || partition == null) {
                results.put(id, ElectionResult.refused(id, unknown(id, topic.isPresent())));
            } else if (!partition.equals(elected.get(id))) {
                if (changed == partitionsPerBatchMax) {
                    return new Decision<>(edits.records(), List.of(), false);
                }
                changed += elect(id, topic.get(), partition, edits, image) ? 1 : 0;
            }
        }
        return Decision.of(
                edits.records(),
                results.values().stream().filter(result -> !all || !result.isNothing()).toList());
    }

    /** Whether somebody was elected. */
    private boolean elect(
            TopicPartition id,
            TopicImage topic,
            PartitionImage partition,
            PartitionEdits edits,
            MetadataImage image) {
        boolean needed =
                operation.unclean()
                        ? !partition.hasLeader()
                        : partition.leader() != partition.preferredLeader();
        if (!needed) {
            results.put(id, ElectionResult.notNeeded(id, partition.leader()));
            return false;
        }
        Optional<PartitionImage> next =
                operation.unclean()
                        ? uncleanly(id, topic, partition, image)
                        : ElectionDecisions.preferred(partition, image);
        if (next.isEmpty()) {
            results.put(id, ElectionResult.refused(id, unavailable(id, partition)));
            return false;
        }
        if (!operation.unclean()) {
            results.put(id, ElectionResult.elected(id, next.get().leader()));
        }
        edits.put(topic, id.partition(), next.get());
        elected.put(id, next.get());
        return true;
    }

    /** Cleanly, if that has become possible meanwhile. */
    private Optional<PartitionImage> uncleanly(
            TopicPartition id, TopicImage topic, PartitionImage partition, MetadataImage image) {
        Optional<PartitionImage> cleanly = elections.withLeader(partition, BrokerStates.of(image));
        if (cleanly.isPresent()) {
            results.put(id, ElectionResult.elected(id, cleanly.get().leader()));
            return cleanly;
        }
        LogSurvey survey = surveys.get(new TopicIdPartition(topic.id(), id.partition()));
        if (survey == null) {
            return Optional.empty();
        }
        List<LogEnd> present = ElectionDecisions.present(survey, image);
        Optional<LogEnd> largest = ElectionDecisions.largest(present, partition);
        largest.ifPresent(
                leader -> results.put(id, ElectionResult.uncleanly(id, leader, hadAll(partition))));
        return largest.map(leader -> ElectionDecisions.ledUncleanly(partition, leader));
    }

    /** Replicas that had all committed records when they were last heard of. */
    private static List<Integer> hadAll(PartitionImage partition) {
        List<Integer> members = new ArrayList<>(partition.isr());
        members.addAll(partition.elr());
        return members;
    }

    private RejectedException unavailable(TopicPartition id, PartitionImage partition) {
        return operation.unclean()
                ? new RejectedException(
                        ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                        "No replica of "
                                + id
                                + " is up and says where its log ends: replicas "
                                + partition.replicas())
                : new RejectedException(
                        ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                        "Broker "
                                + partition.preferredLeader()
                                + " cannot lead "
                                + id
                                + ": it is not in the ISR "
                                + partition.isr()
                                + ", down, or about to stop");
    }

    private static RejectedException unknown(TopicPartition id, boolean topicKnown) {
        return topicKnown
                ? new RejectedException(
                        ErrorCode.PARTITION_NOT_FOUND,
                        "Topic '" + id.topic() + "' has no partition " + id.partition() + ".")
                : new RejectedException(
                        ErrorCode.TOPIC_NOT_FOUND, "Topic '" + id.topic() + "' does not exist.");
    }

    private static List<TopicPartition> everyPartition(MetadataImage image) {
        List<TopicPartition> all = new ArrayList<>();
        for (TopicImage topic : image.topics().values()) {
            for (int i = 0; i < topic.partitions().size(); i++) {
                all.add(new TopicPartition(topic.name(), i));
            }
        }
        return all;
    }
}
