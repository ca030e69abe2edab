package io.kq.cli.groups;

import io.kq.cli.groups.KafkaTable.Column;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.GroupDescription.Member;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** {@code --describe --members}. */
final class MembersPrinter {

    private final Session session;
    private final boolean verbose;

    MembersPrinter(Session session, boolean verbose) {
        this.session = session;
        this.verbose = verbose;
    }

    void print(GroupDescription group) {
        switch (session.format()) {
            case JSON, JSONL -> session.terminal().println(json(group));
            case NAME -> group.members().forEach(m -> session.terminal().println(m.memberId()));
            case TABLE, WIDE -> table(group);
        }
    }

    private void table(GroupDescription group) {
        boolean all = verbose || session.format() == OutputFormat.WIDE;
        Notices.beforeDescription(session, group);
        if (group.members().isEmpty()) {
            return;
        }
        boolean named = group.members().stream().anyMatch(m -> !m.instanceId().isEmpty());
        List<Column> columns = new ArrayList<>();
        columns.add(Column.growing("GROUP"));
        columns.add(Column.growing("CONSUMER-ID"));
        if (named) {
            columns.add(new Column("GROUP-INSTANCE-ID", 17, true));
        }
        columns.add(Column.growing("HOST"));
        columns.add(Column.growing("CLIENT-ID"));
        columns.add(Column.fixed("#PARTITIONS", all ? 15 : 16));
        if (all) {
            columns.add(Column.fixed("CURRENT-EPOCH", 15));
            columns.add(new Column("CURRENT-ASSIGNMENT", 20, true));
            columns.add(Column.fixed("TARGET-EPOCH", 15));
            columns.add(new Column("TARGET-ASSIGNMENT", 20, true));
        }
        KafkaTable table = new KafkaTable(columns);
        group.members().forEach(member -> table.row(row(group, member, named, all)));
        table.print(session.terminal());
    }

    private static List<String> row(
            GroupDescription group, Member member, boolean named, boolean all) {
        List<String> cells = new ArrayList<>();
        cells.add(group.listing().group());
        cells.add(member.memberId());
        if (named) {
            cells.add(member.instanceId().isEmpty() ? "-" : member.instanceId());
        }
        cells.add(member.host());
        cells.add(member.clientId());
        cells.add(Integer.toString(owned(member).size()));
        if (all) {
            cells.add(Integer.toString(member.epoch()));
            cells.add(compact(owned(member)));
            cells.add(Integer.toString(group.epoch()));
            cells.add(compact(member.target()));
        }
        return cells;
    }

    private static Collection<TopicPartition> owned(Member member) {
        Collection<TopicPartition> owned = new TreeSet<>(member.assigned());
        owned.addAll(member.revoking());
        return owned;
    }

    /** {@code first_topic:0,1;second_topic:3}. */
    private static String compact(Collection<TopicPartition> partitions) {
        Map<String, List<String>> byTopic = new TreeMap<>();
        partitions.forEach(
                one ->
                        byTopic.computeIfAbsent(one.topic(), topic -> new ArrayList<>())
                                .add(Integer.toString(one.partition())));
        return byTopic.isEmpty()
                ? "-"
                : byTopic.entrySet().stream()
                        .map(topic -> topic.getKey() + ":" + String.join(",", topic.getValue()))
                        .collect(Collectors.joining(";"));
    }

    private static String json(GroupDescription group) {
        JsonText json = new JsonText();
        json.beginObject();
        GroupJson.head(json, group);
        json.name("members").beginArray();
        for (Member member : group.members()) {
            json.beginObject();
            json.name("memberId").value(member.memberId());
            json.name("instanceId").value(member.instanceId());
            json.name("clientId").value(member.clientId());
            json.name("host").value(member.host());
            json.name("memberEpoch").value(member.epoch());
            GroupJson.partitions(json, "assigned", member.assigned());
            GroupJson.partitions(json, "revoking", member.revoking());
            GroupJson.partitions(json, "target", member.target());
            json.name("topics").array(member.topics(), json::value);
            json.name("topicPattern").value(member.topicPattern());
            json.endObject();
        }
        json.endArray();
        json.endObject();
        return json.toString();
    }
}
