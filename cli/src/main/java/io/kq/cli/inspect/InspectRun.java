package io.kq.cli.inspect;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.DidYouMean;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Session;
import io.kq.log.inspection.LogInspection;
import io.kq.log.inspection.PartitionOnDisk;
import io.kq.log.inspection.SegmentOnDisk;
import io.kq.protocol.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what was asked for, and hands it to the one that prints it. */
final class InspectRun {

    private InspectRun() {}

    /** Returns the exit code. */
    static int run(Session session, Path directory, InspectCommand.Options options) {
        List<PartitionOnDisk> partitions = partitions(directory, options);
        if (options.verify) {
            return Verification.run(session, directory, partitions);
        }
        InspectPrinter printer =
                session.format().isJson()
                        ? new JsonInspection(
                                session, options.topic != null, options.records, options.index)
                        : new TextInspection(
                                session, options.topic != null, options.records, options.index);
        printer.begin(partitions);
        if (options.topic != null) {
            for (PartitionOnDisk partition : partitions) {
                printer.partition(partition, segments(partition, options.segment));
            }
        }
        printer.end();
        return ExitCode.OK;
    }

    private static List<PartitionOnDisk> partitions(
            Path directory, InspectCommand.Options options) {
        if (!Files.isDirectory(directory)) {
            throw CommandFailure.local(
                            "NO_SUCH_DIRECTORY", "'" + directory + "' is no directory", null)
                    .withExitCode(ExitCode.NOT_FOUND)
                    .next("give the data directory of a node, such as kq-data/node-0");
        }
        List<PartitionOnDisk> all =
                LogInspection.partitions(directory).stream()
                        .sorted(
                                Comparator.comparing(PartitionOnDisk::topicName)
                                        .thenComparing(p -> p.partition().topicId())
                                        .thenComparing(p -> p.partition().partition()))
                        .toList();
        String topic = options.topic;
        List<PartitionOnDisk> chosen =
                all.stream()
                        .filter(p -> topic == null || isOf(p, topic))
                        .filter(
                                p ->
                                        options.partition == null
                                                || options.partition == p.partition().partition())
                        .toList();
        if (chosen.isEmpty() && (topic != null || options.partition != null)) {
            throw nothingOf(directory, topic == null ? "" : topic, all);
        }
        return chosen;
    }

    private static boolean isOf(PartitionOnDisk partition, String topic) {
        return partition.topicName().equals(topic)
                || partition.partition().topicId().toString().equals(topic);
    }

    private static CommandFailure nothingOf(
            Path directory, String topic, List<PartitionOnDisk> all) {
        List<String> names = all.stream().map(PartitionOnDisk::topicName).distinct().toList();
        boolean stored = topic.isEmpty() || names.contains(topic);
        return CommandFailure.of(
                        stored ? ErrorCode.PARTITION_NOT_FOUND : ErrorCode.TOPIC_NOT_FOUND,
                        stored
                                ? "No such partition is stored here."
                                : "Topic '" + topic + "' has no partition here.")
                .didYouMean(stored ? "" : DidYouMean.among(names, topic))
                .next("kq inspect " + directory);
    }

    private static List<SegmentOnDisk> segments(PartitionOnDisk partition, @Nullable Long only) {
        return LogInspection.segments(partition).stream()
                .filter(segment -> only == null || segment.baseOffset() == only)
                .toList();
    }
}
