package io.kq.metadata.controller;

import io.kq.metadata.decision.ElectionDecisions;
import io.kq.metadata.decision.LogSurvey;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for partitions whose leader should be another one although no broker comes or goes: those
 * that wait for replicas which restarted uncleanly (rule 24), and those that are not led by their
 * preferred leader (rule 26). Soft state of one tenure. Loop thread only.
 */
final class LeaderKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderKeeper.class);

    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

    /** Leaderships that go home at a time, so that clients are not all told at once. */
    private static final int RESTORED_PER_LOOK_MAX = 200;

    /** Partitions that one survey asks for; the rest waits for the next. */
    private static final int SURVEYED_MAX = 1_000;

    private final ControllerTenure tenure;
    private final LogSurveys surveys;
    private final long pauseNanos;

    /** Since when partitions could be led by their preferred leader and are not. */
    private Map<TopicIdPartition, Long> misled = new LinkedHashMap<>();

    private long lastLookNanos;
    private boolean surveying;

    /** Where the next survey begins among those that wait, so that each has its turn. */
    private int nextSurveyed;

    private boolean restoring;

    /**
     * @param pause how long a preferred leader must have been able to lead
     */
    LeaderKeeper(ControllerTenure tenure, ControllerPorts ports, Duration pause) {
        this.tenure = tenure;
        this.surveys = new LogSurveys(ports);
        this.pauseNanos = pause.toNanos();
        this.lastLookNanos = ports.clock().nanoTime() - LOOK_INTERVAL.toNanos();
    }

    void tick(long nowNanos) {
        if (nowNanos - lastLookNanos >= LOOK_INTERVAL.toNanos()) {
            look(nowNanos);
        }
    }

    /** A broker came back: at the next tick, not in a second. */
    void lookSoon() {
        lastLookNanos -= LOOK_INTERVAL.toNanos();
    }

    private void look(long nowNanos) {
        lastLookNanos = nowNanos;
        MetadataImage image = tenure.image();
        List<TopicIdPartition> waiting = new ArrayList<>();
        Map<TopicIdPartition, Long> seen = new LinkedHashMap<>();
        for (TopicImage topic : image.topics().values()) {
            List<PartitionImage> partitions = topic.partitions();
            for (int i = 0; i < partitions.size(); i++) {
                PartitionImage partition = partitions.get(i);
                if (isDecidable(partition, image)) {
                    waiting.add(new TopicIdPartition(topic.id(), i));
                } else if (isMisled(partition, image)) {
                    TopicIdPartition id = new TopicIdPartition(topic.id(), i);
                    seen.put(id, misled.getOrDefault(id, nowNanos));
                }
            }
        }
        misled = seen;
        electLargest(waiting, image);
        restorePreferred(nowNanos);
    }

    private static boolean isDecidable(PartitionImage partition, MetadataImage image) {
        return ElectionDecisions.waitsForUnclean(partition)
                && partition.unclean().stream().allMatch(image::isUp);
    }

    private static boolean isMisled(PartitionImage partition, MetadataImage image) {
        return partition.hasLeader()
                && !partition.isReassigning()
                && ElectionDecisions.preferred(partition, image).isPresent();
    }

    private void electLargest(List<TopicIdPartition> waiting, MetadataImage image) {
        if (surveying || waiting.isEmpty()) {
            return;
        }
        surveying = true;
        int from = nextSurveyed < waiting.size() ? nextSurveyed : 0;
        int to = Math.min(waiting.size(), from + SURVEYED_MAX);
        nextSurveyed = to;
        surveys.make(waiting.subList(from, to), image, this::surveyed);
    }

    /**
     * Asks the brokers for what an operator's unclean election goes by: the logs of the partitions
     * that have no leader.
     */
    void survey(ElectLeaders operation, Consumer<ElectLeaders> then) {
        MetadataImage image = tenure.image();
        List<TopicIdPartition> leaderless = new ArrayList<>();
        if (operation.partitions().isEmpty()) {
            image.topics().values().forEach(topic -> addLeaderless(topic, leaderless));
        } else {
            for (TopicPartition id : operation.partitions()) {
                image.topic(id.topic())
                        .map(topic -> new TopicIdPartition(topic.id(), id.partition()))
                        .ifPresent(leaderless::add);
            }
        }
        surveys.make(leaderless, image, made -> then.accept(operation.with(made)));
    }

    private static void addLeaderless(TopicImage topic, List<TopicIdPartition> leaderless) {
        for (int i = 0; i < topic.partitions().size(); i++) {
            if (!topic.partitions().get(i).hasLeader()) {
                leaderless.add(new TopicIdPartition(topic.id(), i));
            }
        }
    }

    private void surveyed(List<LogSurvey> found) {
        tenure.enqueue(
                PendingOperation.internal(
                        (image, turn) -> ElectionDecisions.electLargest(found, image),
                        new Outcome<>(this::elected, refusal -> surveying = false)));
    }

    private void elected(List<ElectionDecisions.Elected> elected) {
        surveying = false;
        for (ElectionDecisions.Elected partition : elected) {
            LOG.warn(
                    "Elected the largest log after unclean restarts, records may be lost"
                            + " partition={}-{} leader={} lastEpoch={} logEndOffset={}",
                    partition.topic(),
                    partition.partition(),
                    partition.leader().brokerId(),
                    partition.leader().lastEpoch(),
                    partition.leader().endOffset());
        }
    }

    private void restorePreferred(long nowNanos) {
        List<TopicIdPartition> due = new ArrayList<>();
        misled.forEach(
                (id, since) -> {
                    if (nowNanos - since >= pauseNanos && due.size() < RESTORED_PER_LOOK_MAX) {
                        due.add(id);
                    }
                });
        if (due.isEmpty() || restoring) {
            return;
        }
        restoring = true;
        tenure.enqueue(
                PendingOperation.internal(
                        (image, turn) -> ElectionDecisions.restorePreferred(due, image),
                        new Outcome<>(this::restored, refusal -> restoring = false)));
    }

    private void restored(int count) {
        restoring = false;
        if (count > 0) {
            LOG.info("Gave leaderships back to preferred leaders partitions={}", count);
        }
    }
}
