package io.kq.cli.cluster;

import io.kq.cli.shell.Quantity;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import java.time.Duration;
import java.util.List;

/** A line for each broker. */
final class BrokerTable {

    private BrokerTable() {}

    static void print(Terminal terminal, List<BrokerDescription> brokers) {
        TextTable table =
                new TextTable(
                        "ID",
                        "ADDRESS",
                        "STATE",
                        "RACK",
                        "LEADERS",
                        "REPLICAS",
                        "UNDER-REPL",
                        "DISK-USED",
                        "VERSION");
        for (BrokerDescription broker : brokers) {
            table.row(
                    Integer.toString(broker.id()),
                    broker.address(),
                    broker.state().name(),
                    broker.rack().isEmpty() ? "-" : broker.rack(),
                    Integer.toString(broker.leaderCount()),
                    Integer.toString(broker.replicaCount()),
                    broker.up() ? Integer.toString(broker.underReplicatedCount()) : "-",
                    Quantity.bytes(broker.diskUsedBytes()),
                    broker.version(),
                    lastSeen(terminal, broker));
        }
        table.print(terminal);
    }

    private static String lastSeen(Terminal terminal, BrokerDescription broker) {
        if (broker.up() || broker.stateSinceMillis() <= 0) {
            return "";
        }
        long millis = terminal.clock().epochMillis() - broker.stateSinceMillis();
        return " last seen " + Quantity.age(Duration.ofMillis(millis)) + " ago";
    }
}
