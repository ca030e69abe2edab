package io.kq.cli.groups;

import io.kq.cli.groups.KafkaTable.Column;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Confirmation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code --delete} and {@code --delete-offsets}. */
final class GroupDeletion {

    private final Session session;

    GroupDeletion(Session session) {
        this.session = session;
    }

    /** Deletes all that can be; the first that cannot is what the command fails with. */
    void groups(GroupSelection selection) {
        List<String> names = selection.names(session);
        if (names.isEmpty()) {
            session.notice("There are no groups: nothing to delete.");
        }
        if (names.size() > 1) {
            Confirmation.require(
                    session,
                    "Delete " + names.size() + " groups: " + String.join(", ", names) + "?",
                    "Nothing was deleted.");
        }
        List<String> deleted = new ArrayList<>();
        CommandFailure first = null;
        for (String name : names) {
            CommandFailure failure = delete(name);
            if (failure == null) {
                deleted.add(name);
            } else if (first == null) {
                first = failure;
            } else {
                session.notice("error: " + failure.message() + " [" + failure.reason() + "]");
            }
        }
        print(deleted);
        if (first != null) {
            throw first;
        }
    }

    private @Nullable CommandFailure delete(String name) {
        try {
            session.await(session.admin().deleteGroup(name));
            return null;
        } catch (RejectedException e) {
            return switch (e.code()) {
                case GROUP_NOT_FOUND -> GroupSelection.notFound(session, e, name);
                case GROUP_NOT_EMPTY -> GroupSelection.notEmpty(e, name);
                default -> throw e;
            };
        }
    }

    private void print(List<String> deleted) {
        switch (session.format()) {
            case JSON, JSONL -> {
                JsonText json = new JsonText();
                json.beginObject().name("deleted").array(deleted, json::value).endObject();
                session.terminal().println(json.toString());
            }
            case NAME -> deleted.forEach(session.terminal()::println);
            case TABLE, WIDE -> {
                if (!deleted.isEmpty()) {
                    session.terminal()
                            .println(
                                    "Deletion of requested consumer groups ("
                                            + deleted.stream()
                                                    .map(name -> "'" + name + "'")
                                                    .collect(Collectors.joining(", "))
                                            + ") was successful.");
                }
            }
        }
    }

    void offsets(String group, TopicScope scope) {
        if (!scope.isUsed()) {
            throw CommandFailure.usage("--delete-offsets needs --topic or --all-topics");
        }
        SortedSet<TopicPartition> partitions = new TreeSet<>(scope.resolve(session));
        Set<TopicPartition> deleted;
        try {
            if (scope.all) {
                partitions.addAll(
                        session.await(session.admin().describeGroup(group)).offsets().keySet());
            }
            deleted = session.await(session.admin().deleteGroupOffsets(group, partitions));
        } catch (RejectedException e) {
            throw switch (e.code()) {
                case GROUP_NOT_FOUND -> GroupSelection.notFound(session, e, group);
                case GROUP_NOT_EMPTY -> GroupSelection.notEmpty(e, group);
                default -> e;
            };
        }
        printOffsets(group, partitions, deleted);
    }

    private void printOffsets(
            String group, SortedSet<TopicPartition> partitions, Set<TopicPartition> deleted) {
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            json.beginObject();
            json.name("group").value(group);
            GroupJson.partitions(json, "deleted", new TreeSet<>(deleted));
            session.terminal().println(json.endObject().toString());
            return;
        }
        session.terminal()
                .println("Request succeeded for deleting offsets from group " + group + ".");
        session.terminal().println("");
        KafkaTable table =
                new KafkaTable(
                        List.of(
                                Column.growing("TOPIC"),
                                Column.fixed("PARTITION", 10),
                                Column.fixed("STATUS", 15)));
        for (TopicPartition partition : partitions) {
            table.row(
                    List.of(
                            partition.topic(),
                            Integer.toString(partition.partition()),
                            deleted.contains(partition) ? "Successful" : "None"));
        }
        table.print(session.terminal());
    }
}
