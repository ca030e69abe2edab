package io.kq.cli.topics;

import io.kq.cli.shell.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many partitions a topic is given, and where, by {@code --create} and {@code --alter}. */
final class PartitionOptions {

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description =
                    "Number of partitions, after --alter those that it has included. With --create"
                            + " the default is the cluster's.")
    @Nullable Integer count;

    @Option(
            names = "--replica-assignment",
            paramLabel = "0:1,1:2",
            description = "Brokers of each partition by hand, the preferred leader first.")
    @Nullable String replicaAssignment;

    boolean isUsed() {
        return count != null || replicaAssignment != null;
    }

    /** {@code 0:1,1:2}: partition 0 on brokers 0 and 1, partition 1 on brokers 1 and 2. */
    List<List<Integer>> assignments() {
        String text = replicaAssignment;
        List<List<Integer>> partitions = new ArrayList<>();
        for (String partition : text == null ? new String[0] : text.split(",", -1)) {
            List<Integer> brokers = new ArrayList<>();
            for (String broker : partition.split(":", -1)) {
                try {
                    brokers.add(Integer.parseInt(broker.strip()));
                } catch (NumberFormatException e) {
                    throw CommandFailure.usage(
                            "--replica-assignment: '" + text + "' is not like 0:1,1:2");
                }
            }
            partitions.add(brokers);
        }
        return partitions;
    }

    /** The number that was given; 0: none was. */
    static int positive(String option, @Nullable Integer value) {
        if (value != null && value <= 0) {
            throw CommandFailure.usage(option + " must be at least 1");
        }
        return value == null ? 0 : value;
    }
}
