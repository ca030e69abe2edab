package io.kq.cli.partitions;

import io.kq.cli.files.ReassignmentFile;
import io.kq.cli.partitions.ReassignCommand.ExecuteOptions;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.ClusterDescription.NodeState;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.config.TopicConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Plans and begins reassignments. The command's thread. */
public final class Reassignments {

    /** Of one call to the cluster; a call is done as a whole or not at all. */
    private static final int PARTITIONS_PER_CALL = 1000;

    private final Session session;

    /** For the commands of one session. */
    public Reassignments(Session session) {
        this.session = session;
    }

    /** Shows the plan, in Kafka's words; as JSON it is the file for {@code --execute}. */
    void generate(SortedMap<TopicPartition, List<Integer>> plan) {
        Terminal terminal = session.terminal();
        if (session.format().isJson()) {
            terminal.println(ReassignmentFile.write(plan));
        } else {
            SortedMap<TopicPartition, PartitionDescription> now =
                    PartitionLookup.describe(session, plan.keySet());
            terminal.println("Current partition replica assignment");
            terminal.println(ReassignmentFile.write(replicas(now)));
            terminal.println("");
            terminal.println("Proposed partition reassignment configuration");
            terminal.println(ReassignmentFile.write(plan));
        }
        if (plan.isEmpty()) {
            session.notice("All replicas are where they should be: nothing would change.");
        }
    }

    void execute(SortedMap<TopicPartition, List<Integer>> targets, ExecuteOptions options) {
        SortedMap<TopicPartition, PartitionDescription> now =
                PartitionLookup.describe(session, targets.keySet());
        SortedMap<TopicPartition, List<Integer>> changes = new TreeMap<>(targets);
        changes.entrySet().removeIf(target -> isDone(target.getValue(), now, target.getKey()));
        if (!options.additional) {
            requireNoneUnderWay(changes, now);
        }
        warnOfBrokersThatWillNotBeInSync(changes);
        warnOfTooFewReplicas(changes);
        begin(changes, options.dryRun);
        print(now, changes, options.dryRun);
        if (changes.isEmpty()) {
            session.notice("All replicas are where they shall be: nothing to do.");
        } else if (options.dryRun) {
            session.notice("Dry run: nothing changed. Leave --dry-run out to begin.");
        }
        if (options.wait && !options.dryRun && !changes.isEmpty()) {
            session.terminal().flush();
            new MoveWatch(session, 0, changes.size()).await(changes);
        }
    }

    /**
     * Begins to move partitions.
     *
     * @throws io.kq.protocol.RejectedException one of them cannot be; those of an earlier call may
     *     have been begun
     */
    public void begin(SortedMap<TopicPartition, List<Integer>> targets, boolean validateOnly) {
        List<Map<TopicPartition, Optional<List<Integer>>>> calls = new ArrayList<>();
        targets.forEach(
                (partition, replicas) -> {
                    if (calls.isEmpty()
                            || calls.get(calls.size() - 1).size() == PARTITIONS_PER_CALL) {
                        calls.add(new TreeMap<>());
                    }
                    calls.get(calls.size() - 1).put(partition, Optional.of(replicas));
                });
        if (validateOnly || calls.size() > 1) {
            calls.forEach(call -> session.await(session.admin().alterReplicas(call, true)));
        }
        if (!validateOnly) {
            calls.forEach(call -> session.await(session.admin().alterReplicas(call, false)));
        }
    }

    private static boolean isDone(
            List<Integer> target,
            SortedMap<TopicPartition, PartitionDescription> now,
            TopicPartition id) {
        PartitionDescription partition = now.get(id);
        return partition != null
                && partition.adding().isEmpty()
                && partition.removing().isEmpty()
                && partition.replicas().equals(target);
    }

    /** Others may be: only these would be changed. */
    private static void requireNoneUnderWay(
            SortedMap<TopicPartition, List<Integer>> changes,
            SortedMap<TopicPartition, PartitionDescription> now) {
        List<TopicPartition> busy =
                changes.keySet().stream()
                        .filter(
                                id -> {
                                    PartitionDescription partition = now.get(id);
                                    return partition != null
                                            && !(partition.adding().isEmpty()
                                                    && partition.removing().isEmpty());
                                })
                        .toList();
        if (!busy.isEmpty()) {
            throw CommandFailure.of(
                            ErrorCode.FAILED_PRECONDITION,
                            "A reassignment of "
                                    + PartitionLookup.names(busy)
                                    + " is under way: nothing was begun.")
                    .next(
                            "kq reassign --list (shows it), and wait; or add --additional to change"
                                    + " it");
        }
    }

    private void warnOfBrokersThatWillNotBeInSync(
            SortedMap<TopicPartition, List<Integer>> changes) {
        for (BrokerDescription broker :
                session.await(session.admin().describeCluster()).brokers()) {
            List<TopicPartition> waiting =
                    changes.entrySet().stream()
                            .filter(change -> change.getValue().contains(broker.id()))
                            .map(Map.Entry::getKey)
                            .toList();
            if (broker.state() != NodeState.UP && !waiting.isEmpty()) {
                session.notice(
                        "WARNING: broker "
                                + broker.id()
                                + (broker.up()
                                        ? " is drained; what it gets waits until it is undrained: "
                                        : " is down; what it gets waits until it is back: ")
                                + PartitionLookup.names(waiting));
            }
        }
    }

    /** What was set stays, whatever becomes of the replicas. */
    private void warnOfTooFewReplicas(SortedMap<TopicPartition, List<Integer>> changes) {
        Map<String, Integer> fewest = new TreeMap<>();
        changes.forEach((id, replicas) -> fewest.merge(id.topic(), replicas.size(), Math::min));
        fewest.forEach(
                (topic, replicas) -> {
                    Map<String, String> set = PartitionLookup.topic(session, topic).configs();
                    TopicConfig minIsr = TopicConfig.MIN_INSYNC_REPLICAS;
                    if (set.containsKey(minIsr.key()) && minIsr.number(set) > replicas) {
                        session.notice(
                                "WARNING: topic "
                                        + topic
                                        + " has "
                                        + minIsr.key()
                                        + "="
                                        + minIsr.number(set)
                                        + ": with "
                                        + replicas
                                        + " replica(s) all writes are refused.");
                    }
                });
    }

    private void print(
            SortedMap<TopicPartition, PartitionDescription> now,
            SortedMap<TopicPartition, List<Integer>> changes,
            boolean dryRun) {
        SortedMap<TopicPartition, List<Integer>> before = replicas(now);
        before.keySet().retainAll(changes.keySet());
        Terminal terminal = session.terminal();
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            json.beginObject();
            json.name("begun").value(!dryRun);
            json.name("partitions")
                    .array(
                            changes.entrySet(),
                            change -> {
                                json.beginObject();
                                json.name("topic").value(change.getKey().topic());
                                json.name("partition").value(change.getKey().partition());
                                json.name("before")
                                        .numbers(before.getOrDefault(change.getKey(), List.of()));
                                json.name("replicas").numbers(change.getValue());
                                json.endObject();
                            });
            terminal.println(json.endObject().toString());
        } else if (!changes.isEmpty()) {
            terminal.println("Current partition replica assignment");
            terminal.println("");
            terminal.println(ReassignmentFile.write(before));
            terminal.println("");
            if (!dryRun) {
                terminal.println(
                        "Save this to use as the --reassignment-json-file option during rollback");
                terminal.println(
                        "Successfully started partition reassignments for "
                                + PartitionLookup.names(changes.keySet()));
            }
        }
    }

    private static SortedMap<TopicPartition, List<Integer>> replicas(
            SortedMap<TopicPartition, PartitionDescription> partitions) {
        SortedMap<TopicPartition, List<Integer>> replicas = new TreeMap<>();
        partitions.forEach(
                (id, partition) ->
                        replicas.put(
                                id,
                                partition.replicas().stream()
                                        .filter(broker -> !partition.adding().contains(broker))
                                        .toList()));
        return replicas;
    }
}
