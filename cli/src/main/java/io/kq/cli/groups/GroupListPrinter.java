package io.kq.cli.groups;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.GroupListing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code --list}. */
final class GroupListPrinter {

    private static final Set<String> STATES = Set.of("empty", "reconciling", "stable");

    private GroupListPrinter() {}

    /**
     * @param states to show, and only these, separated by commas; empty: show them all; null: names
     *     alone
     * @param type whether types are shown
     */
    static void print(Session session, @Nullable String states, boolean type) {
        Set<String> wanted = states == null ? Set.of() : states(states);
        List<GroupListing> groups =
                session.await(session.admin().listGroups()).stream()
                        .filter(
                                group ->
                                        wanted.isEmpty()
                                                || wanted.contains(
                                                        group.state().toLowerCase(Locale.ROOT)))
                        .toList();
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject().name("groups").beginArray();
                groups.forEach(group -> write(json, group));
                terminal.println(json.endArray().endObject().toString());
            }
            case JSONL ->
                    groups.forEach(
                            group -> {
                                JsonText json = new JsonText();
                                write(json, group);
                                terminal.println(json.toString());
                            });
            case NAME -> groups.forEach(group -> terminal.println(group.group()));
            case WIDE -> table(groups, true, true).print(terminal);
            case TABLE -> {
                if (states == null && !type) {
                    groups.forEach(group -> terminal.println(group.group()));
                } else {
                    table(groups, type, states != null).print(terminal);
                }
            }
        }
    }

    private static KafkaTable table(List<GroupListing> groups, boolean type, boolean state) {
        List<KafkaTable.Column> columns = new ArrayList<>();
        columns.add(new KafkaTable.Column("GROUP", 25, true));
        if (type) {
            columns.add(KafkaTable.Column.fixed("TYPE", 20));
        }
        if (state) {
            columns.add(KafkaTable.Column.fixed("STATE", 20));
        }
        KafkaTable table = new KafkaTable(columns);
        for (GroupListing group : groups) {
            List<String> row = new ArrayList<>(List.of(group.group()));
            if (type) {
                row.add(capitalized(group.type()));
            }
            if (state) {
                row.add(group.state());
            }
            table.row(row);
        }
        return table;
    }

    static String capitalized(String word) {
        return word.isEmpty()
                ? word
                : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
    }

    private static Set<String> states(String list) {
        Set<String> states =
                Arrays.stream(list.split(","))
                        .map(state -> state.strip().toLowerCase(Locale.ROOT))
                        .filter(state -> !state.isEmpty())
                        .collect(Collectors.toSet());
        for (String state : states) {
            if (!STATES.contains(state)) {
                throw CommandFailure.usage(
                        "--state: '" + state + "' is not Empty, Reconciling or Stable");
            }
        }
        return states;
    }

    private static void write(JsonText json, GroupListing group) {
        json.beginObject();
        json.name("group").value(group.group());
        json.name("type").value(group.type());
        json.name("state").value(group.state());
        json.name("coordinatorId").value(group.coordinatorId());
        json.name("memberCount").value(group.memberCount());
        json.endObject();
    }
}
