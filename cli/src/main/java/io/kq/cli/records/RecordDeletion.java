package io.kq.cli.records;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Confirmation;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.KqAdmin;
import io.kq.client.KqConsumer.Position;
import io.kq.client.admin.DeletionOutcome;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Deletes records. Everything that can be refused is, before anything is gone: unknown topics and
 * partitions, offsets that do not exist yet. The command's thread.
 */
final class RecordDeletion {

    private final Session session;
    private final Map<TopicPartition, Long> asked;

    RecordDeletion(Session session, Map<TopicPartition, Long> asked) {
        this.session = session;
        this.asked = new TreeMap<>(asked);
    }

    void run(boolean dryRun) {
        checkTopics();
        List<PlannedDeletion> plan = plan();
        if (dryRun) {
            print(plan);
            session.notice("Dry run: nothing changed. Leave --dry-run out to delete.");
            return;
        }
        if (plan.size() > 1) {
            Confirmation.require(session, question(plan), "Nothing was deleted.");
        }
        delete(plan);
    }

    private void checkTopics() {
        Map<String, Integer> counts = new HashMap<>();
        for (TopicPartition partition : asked.keySet()) {
            int count = counts.computeIfAbsent(partition.topic(), this::partitionCount);
            if (partition.partition() >= count) {
                throw CommandFailure.of(
                                ErrorCode.PARTITION_NOT_FOUND,
                                "Topic '"
                                        + partition.topic()
                                        + "' has no partition "
                                        + partition.partition()
                                        + ".")
                        .withDetail("partitions 0 to " + (count - 1) + " exist")
                        .next("correct the file; nothing was deleted");
            }
        }
    }

    private int partitionCount(String topic) {
        try {
            TopicDescription found = session.await(session.admin().describeTopic(topic));
            return found.partitions().size();
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                throw Explanation.noTopic(
                        session, e, topic, "correct the file; nothing was deleted");
            }
            throw e;
        }
    }

    private List<PlannedDeletion> plan() {
        Map<TopicPartition, Long> starts = offsets(Position.EARLIEST);
        Map<TopicPartition, Long> ends = offsets(Position.LATEST);
        List<PlannedDeletion> plan = new ArrayList<>();
        asked.forEach(
                (partition, before) -> {
                    long end = ends.getOrDefault(partition, 0L);
                    if (before > end) {
                        throw outOfRange(partition, before, end);
                    }
                    plan.add(
                            new PlannedDeletion(
                                    partition,
                                    starts.getOrDefault(partition, 0L),
                                    before == KqAdmin.HIGH_WATERMARK ? end : before));
                });
        return plan;
    }

    private Map<TopicPartition, Long> offsets(Position position) {
        Map<TopicPartition, Position> positions = new HashMap<>();
        asked.keySet().forEach(partition -> positions.put(partition, position));
        return session.await(session.admin().listOffsets(positions));
    }

    private static CommandFailure outOfRange(TopicPartition partition, long before, long end) {
        return CommandFailure.of(
                        ErrorCode.OFFSET_OUT_OF_RANGE,
                        partition + " has no offset " + before + " yet: it ends at " + end + ".")
                .next("offset -1 deletes all that there is; nothing was deleted");
    }

    private static String question(List<PlannedDeletion> plan) {
        String parts = plan.stream().map(PlannedDeletion::text).collect(Collectors.joining(", "));
        return "Delete records of " + plan.size() + " partitions: " + parts + "?";
    }

    private void delete(List<PlannedDeletion> plan) {
        Map<TopicPartition, Long> before = new TreeMap<>();
        plan.forEach(each -> before.put(each.partition(), each.newLogStart()));
        Map<TopicPartition, DeletionOutcome> outcomes =
                session.await(session.admin().deleteRecords(before));
        List<PlannedDeletion> done = new ArrayList<>();
        List<TopicPartition> refused = new ArrayList<>();
        for (PlannedDeletion each : plan) {
            DeletionOutcome outcome = outcomes.get(each.partition());
            if (outcome != null && outcome.refusal().isEmpty()) {
                done.add(
                        new PlannedDeletion(
                                each.partition(), each.logStart(), outcome.logStartOffset()));
            } else {
                refused.add(each.partition());
            }
        }
        print(done);
        if (!refused.isEmpty()) {
            throw refusal(refused, outcomes, plan.size());
        }
    }

    private static CommandFailure refusal(
            List<TopicPartition> refused,
            Map<TopicPartition, DeletionOutcome> outcomes,
            int planned) {
        TopicPartition first = refused.get(0);
        DeletionOutcome outcome = outcomes.get(first);
        RejectedException why =
                (outcome == null
                                ? DeletionOutcome.refused(
                                        new RejectedException(ErrorCode.INTERNAL, "no outcome"))
                                : outcome)
                        .refusal()
                        .orElseThrow();
        if (planned == 1) {
            return Explanation.of(why);
        }
        String names =
                refused.stream().map(TopicPartition::toString).collect(Collectors.joining(", "));
        return Explanation.of(
                new RejectedException(
                        why.code(),
                        refused.size()
                                + " of "
                                + planned
                                + " partitions were not done ("
                                + names
                                + "): "
                                + why.getMessage(),
                        why.definite(),
                        why.metadata()));
    }

    private void print(List<PlannedDeletion> rows) {
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject().name("partitions").beginArray();
                rows.forEach(row -> write(json, row));
                terminal.println(json.endArray().endObject().toString());
            }
            case JSONL ->
                    rows.forEach(
                            row -> {
                                JsonText json = new JsonText();
                                write(json, row);
                                terminal.println(json.toString());
                            });
            case TABLE, WIDE, NAME -> table(terminal, rows);
        }
    }

    private static void table(Terminal terminal, List<PlannedDeletion> rows) {
        TextTable table = new TextTable("TOPIC", "PARTITION", "LOG-START", "DELETED");
        for (PlannedDeletion row : rows) {
            table.row(
                    row.partition().topic(),
                    Integer.toString(row.partition().partition()),
                    Long.toString(row.newLogStart()),
                    Long.toString(row.count()));
        }
        table.print(terminal);
    }

    private static void write(JsonText json, PlannedDeletion row) {
        json.beginObject();
        json.name("topic").value(row.partition().topic());
        json.name("partition").value(row.partition().partition());
        json.name("logStartOffset").value(row.newLogStart());
        json.name("deleted").value(row.count());
        json.endObject();
    }
}
