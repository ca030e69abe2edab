package io.kq.cli.partitions;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shows reassignments that were begun, and ends them. The command's thread. */
final class ReassignmentStatus {

    /** Some may be done between the look and the call; then one looks again. */
    private static final int CANCEL_TRIES = 5;

    private final Session session;

    ReassignmentStatus(Session session) {
        this.session = session;
    }

    /** How far a partition is. */
    private enum State {
        COMPLETED,
        IN_PROGRESS,
        /** Nothing is under way, and it is not where it should be. */
        OTHER
    }

    /**
     * Says of each partition how far it is.
     *
     * @return the exit code: 0 if all are done
     */
    int verify(SortedMap<TopicPartition, List<Integer>> targets) {
        SortedMap<TopicPartition, PartitionDescription> now =
                PartitionLookup.describe(session, targets.keySet());
        Terminal terminal = session.terminal();
        if (session.format().isJson()) {
            terminal.println(json(targets, now));
        } else {
            terminal.println("Status of partition reassignment:");
            now.forEach(
                    (id, partition) ->
                            terminal.println(
                                    sentence(id, partition, targets.getOrDefault(id, List.of()))));
        }
        boolean done =
                now.entrySet().stream()
                        .allMatch(
                                each ->
                                        state(
                                                        each.getValue(),
                                                        targets.getOrDefault(
                                                                each.getKey(), List.of()))
                                                == State.COMPLETED);
        return done ? ExitCode.OK : ExitCode.UNHEALTHY;
    }

    private static State state(PartitionDescription partition, List<Integer> target) {
        if (!partition.adding().isEmpty() || !partition.removing().isEmpty()) {
            return State.IN_PROGRESS;
        }
        return partition.replicas().equals(target) ? State.COMPLETED : State.OTHER;
    }

    /** In Kafka's words. */
    private static String sentence(
            TopicPartition id, PartitionDescription partition, List<Integer> target) {
        return switch (state(partition, target)) {
            case COMPLETED -> "Reassignment of partition " + id + " is completed.";
            case IN_PROGRESS -> "Reassignment of partition " + id + " is still in progress.";
            case OTHER ->
                    "There is no active reassignment of partition "
                            + id
                            + ", but replica set is "
                            + BrokerIds.text(partition.replicas())
                            + " rather than "
                            + BrokerIds.text(target)
                            + ".";
        };
    }

    private static String json(
            SortedMap<TopicPartition, List<Integer>> targets,
            SortedMap<TopicPartition, PartitionDescription> now) {
        JsonText json = new JsonText();
        json.beginObject().name("partitions").beginArray();
        now.forEach(
                (id, partition) -> {
                    List<Integer> target = targets.getOrDefault(id, List.of());
                    json.beginObject();
                    json.name("topic").value(id.topic());
                    json.name("partition").value(id.partition());
                    json.name("state").value(state(partition, target).name());
                    json.name("replicas").numbers(partition.replicas());
                    json.name("target").numbers(target);
                    json.endObject();
                });
        return json.endArray().endObject().toString();
    }

    /** Shows what is under way, of these topics or of all. */
    void list(List<String> topics) {
        topics.forEach(topic -> PartitionLookup.topic(session, topic));
        List<ReassignmentDescription> ongoing =
                session.await(session.admin().listReassignments()).stream()
                        .filter(
                                each ->
                                        topics.isEmpty()
                                                || topics.contains(each.partition().topic()))
                        .toList();
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject().name("reassignments").array(ongoing, o -> write(json, o));
                terminal.println(json.endObject().toString());
            }
            case JSONL ->
                    ongoing.forEach(
                            each -> {
                                JsonText json = new JsonText();
                                write(json, each);
                                terminal.println(json.toString());
                            });
            case TABLE, WIDE, NAME -> {
                if (ongoing.isEmpty()) {
                    session.notice("No partition reassignments found.");
                } else {
                    table(ongoing).print(terminal);
                }
            }
        }
    }

    private static TextTable table(List<ReassignmentDescription> ongoing) {
        TextTable table =
                new TextTable("TOPIC", "PARTITION", "REPLICAS", "ADDING", "REMOVING", "ISR");
        for (ReassignmentDescription each : ongoing) {
            table.row(
                    each.partition().topic(),
                    Integer.toString(each.partition().partition()),
                    BrokerIds.text(each.replicas()),
                    BrokerIds.text(each.adding()),
                    BrokerIds.text(each.removing()),
                    BrokerIds.text(each.isr()));
        }
        return table;
    }

    private static void write(JsonText json, ReassignmentDescription each) {
        json.beginObject();
        json.name("topic").value(each.partition().topic());
        json.name("partition").value(each.partition().partition());
        json.name("replicas").numbers(each.replicas());
        json.name("adding").numbers(each.adding());
        json.name("removing").numbers(each.removing());
        json.name("isr").numbers(each.isr());
        json.endObject();
    }

    /** Ends those of the named partitions that are under way. */
    void cancel(TargetOptions named, boolean all) {
        boolean byFile = named.file != null;
        if ((all ? 1 : 0) + (byFile ? 1 : 0) + (named.topics.isEmpty() ? 0 : 1) != 1) {
            throw CommandFailure.usage("one of --reassignment-json-file, --topic, --all is needed");
        }
        if (named.replicas != null || (named.partition != null && named.topics.size() != 1)) {
            throw CommandFailure.usage("--cancel takes --topic T, or --topic T --partition N");
        }
        named.topics.forEach(topic -> PartitionLookup.topic(session, topic));
        Set<TopicPartition> ofFile = byFile ? named.named().keySet() : Set.of();
        for (int tries = 1; ; tries++) {
            Set<TopicPartition> active = new TreeSet<>();
            session.await(session.admin().listReassignments()).stream()
                    .map(ReassignmentDescription::partition)
                    .filter(id -> all || ofFile.contains(id) || named.includes(id))
                    .forEach(active::add);
            if (active.isEmpty() || cancelAll(active, tries)) {
                print(active);
                return;
            }
        }
    }

    /** False: one of them was done meanwhile, and none was cancelled. */
    private boolean cancelAll(Set<TopicPartition> active, int tries) {
        Map<TopicPartition, Optional<List<Integer>>> cancellations = new TreeMap<>();
        active.forEach(id -> cancellations.put(id, Optional.empty()));
        try {
            session.await(session.admin().alterReplicas(cancellations, false));
            return true;
        } catch (RejectedException e) {
            if (e.code() != ErrorCode.NO_REASSIGNMENT_IN_PROGRESS || tries >= CANCEL_TRIES) {
                throw e;
            }
            return false;
        }
    }

    private void print(Set<TopicPartition> cancelled) {
        Terminal terminal = session.terminal();
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            json.beginObject().name("cancelled").beginArray();
            for (TopicPartition id : cancelled) {
                json.beginObject();
                json.name("topic").value(id.topic()).name("partition").value(id.partition());
                json.endObject();
            }
            terminal.println(json.endArray().endObject().toString());
        } else if (!cancelled.isEmpty()) {
            terminal.println(
                    "Successfully cancelled partition reassignments for: "
                            + PartitionLookup.names(cancelled));
        }
        if (cancelled.isEmpty()) {
            session.notice("None of the specified partition reassignments are active.");
        }
    }
}
