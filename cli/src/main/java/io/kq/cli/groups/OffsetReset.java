package io.kq.cli.groups;

import io.kq.cli.files.OffsetLines;
import io.kq.cli.groups.KafkaTable.Column;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.client.admin.GroupDescription;
import io.kq.client.group.GroupOffset;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@code --reset-offsets}: a plan, and with {@code --execute} what it says. */
final class OffsetReset {

    private final Session session;
    private final String group;
    private final ResetOptions options;

    OffsetReset(Session session, String group, ResetOptions options) {
        this.session = session;
        this.group = group;
        this.options = options;
    }

    void run(TopicScope scope) {
        Optional<GroupDescription> known = describe();
        SortedMap<TopicPartition, Long> plan = plan(scope, known);
        Map<TopicPartition, GroupOffset> offsets = new HashMap<>();
        plan.forEach((partition, offset) -> offsets.put(partition, GroupOffset.of(offset)));
        try {
            session.await(session.admin().setGroupOffsets(group, offsets, !options.execute));
        } catch (RejectedException e) {
            throw e.code() == ErrorCode.GROUP_NOT_EMPTY ? GroupSelection.notEmpty(e, group) : e;
        }
        print(plan);
        if (!options.execute) {
            session.notice("Dry run: nothing changed. Add --execute to apply.");
        }
    }

    private SortedMap<TopicPartition, Long> plan(
            TopicScope scope, Optional<GroupDescription> known) {
        Path file = options.fromFile;
        if (file != null) {
            return ResetPlan.ofFile(session, OffsetLines.read(file, group));
        }
        return new ResetPlan(
                        session,
                        known.map(GroupDescription::committed).orElse(Map.of()),
                        partitions(scope, known))
                .make(options);
    }

    /** A group may be made by its first offsets. */
    private Optional<GroupDescription> describe() {
        try {
            return Optional.of(session.await(session.admin().describeGroup(group)));
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.GROUP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private SortedSet<TopicPartition> partitions(
            TopicScope scope, Optional<GroupDescription> known) {
        if (!scope.isUsed()) {
            throw CommandFailure.usage("--reset-offsets needs --topic or --all-topics");
        }
        SortedSet<TopicPartition> partitions = new TreeSet<>(scope.resolve(session));
        if (scope.all) {
            GroupDescription there =
                    known.orElseThrow(
                            () ->
                                    GroupSelection.notFound(
                                            session,
                                            new RejectedException(ErrorCode.GROUP_NOT_FOUND, group),
                                            group));
            partitions.addAll(there.offsets().keySet());
        }
        if (partitions.isEmpty()) {
            throw CommandFailure.usage(
                    "group '" + group + "' has no offsets: name topics with --topic");
        }
        return partitions;
    }

    private void print(SortedMap<TopicPartition, Long> plan) {
        if (options.export) {
            plan.forEach(
                    (partition, offset) ->
                            session.terminal().println(OffsetLines.line(partition, offset)));
            return;
        }
        switch (session.format()) {
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject();
                json.name("group").value(group);
                json.name("executed").value(options.execute);
                json.name("partitions").beginArray();
                plan.forEach((partition, offset) -> write(json, partition, offset));
                session.terminal().println(json.endArray().endObject().toString());
            }
            case JSONL ->
                    plan.forEach(
                            (partition, offset) -> {
                                JsonText json = new JsonText();
                                write(json, partition, offset);
                                session.terminal().println(json.toString());
                            });
            case NAME, TABLE, WIDE -> table(plan);
        }
    }

    private static void write(JsonText json, TopicPartition partition, long offset) {
        json.beginObject();
        json.name("topic").value(partition.topic());
        json.name("partition").value(partition.partition());
        json.name("newOffset").value(offset);
        json.endObject();
    }

    private void table(SortedMap<TopicPartition, Long> plan) {
        KafkaTable table =
                new KafkaTable(
                        List.of(
                                Column.growing("GROUP"),
                                Column.growing("TOPIC"),
                                Column.fixed("PARTITION", 10),
                                Column.last("NEW-OFFSET")));
        plan.forEach(
                (partition, offset) ->
                        table.row(
                                List.of(
                                        group,
                                        partition.topic(),
                                        Integer.toString(partition.partition()),
                                        Long.toString(offset))));
        session.terminal().println("");
        table.print(session.terminal());
    }
}
