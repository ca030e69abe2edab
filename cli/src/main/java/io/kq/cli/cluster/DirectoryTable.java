package io.kq.cli.cluster;

import io.kq.cli.shell.Quantity;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.ClusterDescription.DirectoryDescription;
import java.util.List;

/** A line for each data directory of each broker. */
final class DirectoryTable {

    private DirectoryTable() {}

    static void print(Terminal terminal, List<BrokerDescription> brokers) {
        TextTable table =
                new TextTable(
                        "BROKER",
                        "DIRECTORY",
                        "STATE",
                        "PARTITIONS",
                        "QUARANTINED",
                        "USED",
                        "FREE",
                        "TOTAL",
                        "PROBLEM");
        for (BrokerDescription broker : brokers) {
            for (DirectoryDescription directory : broker.directories()) {
                table.row(
                        Integer.toString(broker.id()),
                        directory.path(),
                        directory.state().name(),
                        Integer.toString(directory.partitionCount()),
                        Integer.toString(directory.quarantinedCount()),
                        Quantity.bytes(directory.usedBytes()),
                        Quantity.bytes(directory.freeBytes()),
                        Quantity.bytes(directory.totalBytes()),
                        directory.problem().isEmpty() ? "-" : directory.problem());
            }
        }
        table.print(terminal);
    }
}
