package io.kq.cli.groups;

import io.kq.cli.groups.KafkaTable.Column;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.GroupDescription;
import java.util.ArrayList;
import java.util.List;

/** {@code --describe --state}. */
final class StatePrinter {

    private final Session session;
    private final boolean verbose;

    StatePrinter(Session session, boolean verbose) {
        this.session = session;
        this.verbose = verbose;
    }

    void print(GroupDescription group) {
        switch (session.format()) {
            case JSON, JSONL -> {
                JsonText json = new JsonText();
                json.beginObject();
                GroupJson.head(json, group);
                json.endObject();
                session.terminal().println(json.toString());
            }
            case NAME -> session.terminal().println(group.listing().group());
            case TABLE, WIDE -> table(group);
        }
    }

    private void table(GroupDescription group) {
        boolean wide = session.format() == OutputFormat.WIDE;
        Notices.beforeDescription(session, group);
        List<Column> columns = new ArrayList<>();
        columns.add(Column.growing("GROUP"));
        columns.add(new Column("COORDINATOR (ID)", 25, true));
        columns.add(Column.fixed("ASSIGNMENT-STRATEGY", 20));
        columns.add(Column.fixed("STATE", 20));
        if (verbose || wide) {
            columns.add(Column.fixed("GROUP-EPOCH", 15));
            columns.add(Column.fixed("TARGET-ASSIGNMENT-EPOCH", 25));
        }
        columns.add(wide ? Column.fixed("#MEMBERS", 15) : Column.last("#MEMBERS"));
        if (wide) {
            columns.add(Column.last("LAST-REBALANCE"));
        }
        KafkaTable table = new KafkaTable(columns);
        List<String> cells = new ArrayList<>();
        cells.add(group.listing().group());
        cells.add(coordinator(group.listing().coordinatorId()));
        cells.add(group.members().isEmpty() ? "" : group.assignor());
        cells.add(group.listing().state());
        if (verbose || wide) {
            cells.add(Integer.toString(group.epoch()));
            cells.add(Integer.toString(group.epoch()));
        }
        cells.add(Integer.toString(group.members().size()));
        if (wide) {
            cells.add(group.reason().isEmpty() ? "-" : group.reason());
        }
        table.row(cells);
        table.print(session.terminal());
    }

    /** Kafka's two blanks, too. */
    private String coordinator(int id) {
        return session.await(session.admin().describeCluster()).brokers().stream()
                        .filter(broker -> broker.id() == id)
                        .map(ClusterDescription.BrokerDescription::address)
                        .findFirst()
                        .orElse("-")
                + "  ("
                + id
                + ")";
    }
}
