package io.kq.cli.partitions;

import io.kq.cli.files.ReassignmentFile;
import io.kq.cli.shell.CommandFailure;
import io.kq.protocol.TopicPartition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Replicas that somebody names: those of one partition, or a file of them. */
final class TargetOptions {

    @Option(
            names = "--reassignment-json-file",
            paramLabel = "FILE",
            description =
                    "Kafka's: {\"version\":1, \"partitions\":[{\"topic\":\"t\", \"partition\":0,"
                            + " \"replicas\":[1,2]}]}.")
    @Nullable Path file;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "T",
            description = "A topic. Can be given again where no partition is.")
    List<String> topics = new ArrayList<>();

    @Option(names = "--partition", paramLabel = "N", description = "One partition of it.")
    @Nullable Integer partition;

    @Option(
            names = "--replicas",
            paramLabel = "0,1,2",
            description = "Its brokers, the preferred leader first.")
    @Nullable String replicas;

    boolean isByHand() {
        return file != null || partition != null || replicas != null;
    }

    /** What was named. */
    SortedMap<TopicPartition, List<Integer>> named() {
        Path path = file;
        if (path != null) {
            if (!topics.isEmpty() || partition != null || replicas != null) {
                throw CommandFailure.usage(
                        "--reassignment-json-file names topics, partitions and replicas itself");
            }
            return ReassignmentFile.read(path);
        }
        Integer number = partition;
        if (topics.size() != 1 || number == null || number < 0 || replicas == null) {
            throw CommandFailure.usage(
                    "--reassignment-json-file is needed, or --topic T --partition N --replicas"
                            + " 0,1,2");
        }
        return new TreeMap<>(
                Map.of(
                        new TopicPartition(topics.get(0), number),
                        BrokerIds.parse("--replicas", replicas)));
    }

    /** Whether this partition is meant, by a file that was read or by topic and number. */
    boolean includes(TopicPartition id) {
        return topics.contains(id.topic()) && (partition == null || partition == id.partition());
    }
}
