package io.kq.cli.fake;

import io.kq.client.admin.ConfigDescription;
import io.kq.client.admin.ConfigDescription.Source;
import io.kq.client.admin.ConfigDescription.Synonym;
import io.kq.client.admin.ConfigResource;
import io.kq.client.admin.DeletionOutcome;
import io.kq.client.admin.ElectionOutcome;
import io.kq.client.admin.NewPartitions;
import io.kq.client.admin.PlacementWish;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.config.TopicConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to a {@link FakeCluster}: partitions and configs are really changed, the rest
 * is answered as a test asked for. Everything asked is written down.
 */
public final class FakeOperator {

    private final FakeCluster cluster;
    private final List<String> asked = new ArrayList<>();
    private final List<ElectionOutcome> elections = new ArrayList<>();
    private final Map<TopicPartition, List<Integer>> plan = new TreeMap<>();
    private final List<List<ReassignmentDescription>> ongoing = new ArrayList<>();
    private final Map<TopicPartition, Long> logStarts = new TreeMap<>();
    private final Map<TopicPartition, RejectedException> deletionRefusals = new TreeMap<>();
    private int remainingLeaders;

    FakeOperator(FakeCluster cluster) {
        this.cluster = cluster;
    }

    /** What was asked, in short. */
    public List<String> asked() {
        return asked;
    }

    /** Deleting records of this partition is refused. */
    public void refuseDeletion(TopicPartition partition, RejectedException why) {
        deletionRefusals.put(partition, why);
    }

    long logStart(TopicPartition partition) {
        return logStarts.getOrDefault(partition, 0L);
    }

    DeletionOutcome deleteBefore(TopicPartition partition, long offset) {
        asked.add("delete " + partition + " before " + offset);
        RejectedException refusal = deletionRefusals.get(partition);
        if (refusal != null) {
            return DeletionOutcome.refused(refusal);
        }
        return DeletionOutcome.done(logStarts.merge(partition, offset, Math::max));
    }

    /** The next election comes to this. */
    public void electionComesTo(ElectionOutcome outcome) {
        elections.add(outcome);
    }

    /** A plan has this. */
    public void plans(TopicPartition partition, List<Integer> replicas) {
        plan.put(partition, replicas);
    }

    /** Asked once for what is under way, it is this; after the last of them nothing is. */
    public void isUnderWay(ReassignmentDescription... reassignments) {
        ongoing.add(List.of(reassignments));
    }

    /** A drained broker leads on so many. */
    public void leavesLeaders(int count) {
        remainingLeaders = count;
    }

    TopicDescription createPartitions(NewPartitions partitions) {
        asked.add(
                "partitions "
                        + partitions.topic()
                        + " "
                        + partitions.partitionCount()
                        + " "
                        + partitions.assignments());
        return cluster.grow(partitions.topic(), partitions.partitionCount());
    }

    List<ConfigDescription> describeConfigs(ConfigResource resource) {
        if (resource.type() == ConfigResource.Type.BROKER) {
            return List.of(
                    new ConfigDescription(
                            "node.id",
                            resource.name(),
                            Source.NODE,
                            true,
                            false,
                            "",
                            List.of(new Synonym("node.id", resource.name(), Source.NODE))));
        }
        Map<String, String> set = cluster.topic(resource.name()).configs();
        return Arrays.stream(TopicConfig.values())
                .sorted(Comparator.comparing(TopicConfig::key))
                .map(config -> described(config, set.get(config.key())))
                .toList();
    }

    private static ConfigDescription described(TopicConfig config, @Nullable String set) {
        List<Synonym> synonyms = new ArrayList<>();
        if (set != null) {
            synonyms.add(new Synonym(config.key(), set, Source.TOPIC));
        }
        synonyms.add(new Synonym(config.key(), config.defaultValue(), Source.DEFAULT));
        return new ConfigDescription(
                config.key(),
                synonyms.get(0).value(),
                synonyms.get(0).source(),
                false,
                false,
                config.doc(),
                synonyms);
    }

    List<String> alterConfigs(
            ConfigResource resource, Map<String, Optional<String>> changes, boolean validateOnly) {
        if (resource.type() == ConfigResource.Type.BROKER) {
            throw new RejectedException(
                    ErrorCode.INVALID_CONFIG, "Setting 'x' cannot be changed while a node runs.");
        }
        Map<String, String> set = new TreeMap<>();
        changes.forEach((key, value) -> value.ifPresent(text -> set.put(key, text)));
        TopicConfig.checkAll(set);
        asked.add("configs " + resource.name() + " " + new TreeMap<>(changes));
        if (!validateOnly) {
            cluster.configure(resource.name(), changes);
        }
        return TopicConfig.warnings(set);
    }

    List<ElectionOutcome> electLeaders(boolean unclean, List<TopicPartition> partitions) {
        asked.add("elect " + (unclean ? "unclean " : "preferred ") + partitions);
        return List.copyOf(elections);
    }

    int alterReplicas(Map<TopicPartition, Optional<List<Integer>>> targets, boolean validateOnly) {
        asked.add((validateOnly ? "check " : "replicas ") + new TreeMap<>(targets));
        if (!validateOnly) {
            plan.keySet().removeAll(targets.keySet());
            targets.forEach((id, replicas) -> replicas.ifPresent(ids -> cluster.place(id, ids)));
        }
        return targets.size();
    }

    List<ReassignmentDescription> listReassignments() {
        return ongoing.isEmpty() ? List.of() : ongoing.remove(0);
    }

    SortedMap<TopicPartition, List<Integer>> planReassignments(PlacementWish wish) {
        asked.add("plan " + wish);
        return new TreeMap<>(plan);
    }

    int drain(int brokerId) {
        asked.add("drain " + brokerId);
        cluster.requireBroker(brokerId);
        cluster.setDraining(brokerId, true);
        return remainingLeaders;
    }

    void resume(int brokerId) {
        asked.add("resume " + brokerId);
        cluster.requireBroker(brokerId);
        cluster.setDraining(brokerId, false);
    }

    void unregister(int brokerId) {
        asked.add("unregister " + brokerId);
        if (cluster.requireBroker(brokerId).up()) {
            throw new RejectedException(ErrorCode.BROKER_IN_USE, "Broker " + brokerId + " is up.");
        }
        cluster.removeBroker(brokerId);
    }
}
