package io.kq.cli.groups;

import io.kq.cli.groups.KafkaTable.Column;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.client.admin.GroupDescription;
import io.kq.client.admin.GroupDescription.Member;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** {@code --describe}: where a group has come to, and how far it is behind. */
final class OffsetsPrinter {

    private static final String NONE = "-";

    private final Session session;
    private final boolean verbose;

    OffsetsPrinter(Session session, boolean verbose) {
        this.session = session;
        this.verbose = verbose;
    }

    private boolean showsTimes() {
        return session.format() == OutputFormat.WIDE || session.format().isJson();
    }

    void print(GroupDescription group) {
        List<GroupLags.Row> rows = GroupLags.of(session, group);
        Map<TopicPartition, Long> ages = showsTimes() ? LagTimes.of(session, rows) : Map.of();
        switch (session.format()) {
            case JSON, JSONL -> session.terminal().println(json(group, rows, ages));
            case NAME -> session.terminal().println(group.listing().group());
            case TABLE, WIDE -> table(group, rows, ages);
        }
    }

    private void table(
            GroupDescription group, List<GroupLags.Row> rows, Map<TopicPartition, Long> ages) {
        boolean wide = session.format() == OutputFormat.WIDE;
        Notices.beforeDescription(session, group);
        if (rows.isEmpty()) {
            return;
        }
        List<Column> columns = new ArrayList<>();
        columns.add(Column.growing("GROUP"));
        columns.add(Column.growing("TOPIC"));
        columns.add(Column.fixed("PARTITION", 10));
        if (verbose) {
            columns.add(Column.fixed("LEADER-EPOCH", 15));
        }
        columns.add(Column.fixed("CURRENT-OFFSET", 15));
        columns.add(Column.fixed("LOG-END-OFFSET", 15));
        columns.add(Column.fixed("LAG", 15));
        if (wide) {
            columns.add(Column.fixed("LAG-SECONDS", 15));
        }
        columns.add(Column.growing("CONSUMER-ID"));
        columns.add(Column.growing("HOST"));
        columns.add(Column.last("CLIENT-ID"));
        KafkaTable table = new KafkaTable(columns);
        for (GroupLags.Row row : rows) {
            List<String> cells = new ArrayList<>();
            cells.add(group.listing().group());
            cells.add(row.partition().topic());
            cells.add(Integer.toString(row.partition().partition()));
            if (verbose) {
                cells.add(
                        row.leaderEpoch().isPresent()
                                ? Integer.toString(row.leaderEpoch().getAsInt())
                                : NONE);
            }
            cells.add(number(row.current()));
            cells.add(number(row.end()));
            cells.add(number(row.lag()));
            if (wide) {
                cells.add(seconds(ages.get(row.partition())));
            }
            cells.add(row.member().map(Member::memberId).orElse(NONE));
            cells.add(row.member().map(Member::host).orElse(NONE));
            cells.add(row.member().map(Member::clientId).orElse(NONE));
            table.row(cells);
        }
        table.print(session.terminal());
    }

    private static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : NONE;
    }

    private static String seconds(@Nullable Long millis) {
        return millis == null ? NONE : String.format("%.1f", millis / 1000.0);
    }

    private String json(
            GroupDescription group, List<GroupLags.Row> rows, Map<TopicPartition, Long> ages) {
        JsonText json = new JsonText();
        json.beginObject();
        GroupJson.head(json, group);
        json.name("partitions").beginArray();
        for (GroupLags.Row row : rows) {
            json.beginObject();
            json.name("topic").value(row.partition().topic());
            json.name("partition").value(row.partition().partition());
            GroupJson.optional(json, "currentOffset", row.current());
            GroupJson.optional(json, "logEndOffset", row.end());
            GroupJson.optional(json, "lag", row.lag());
            Long age = ages.get(row.partition());
            if (age != null) {
                json.name("lagMs").value(age);
            }
            if (!row.metadata().isEmpty()) {
                json.name("metadata").value(row.metadata());
            }
            row.member()
                    .ifPresent(
                            member -> {
                                json.name("memberId").value(member.memberId());
                                json.name("host").value(member.host());
                                json.name("clientId").value(member.clientId());
                            });
            json.endObject();
        }
        json.endArray();
        json.endObject();
        return json.toString();
    }
}
