package io.kq.cli.partitions;

import io.kq.cli.files.TopicFile;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.admin.PlacementWish;
import io.kq.protocol.TopicPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What replicas should be like; the cluster says where they go for it. */
final class WishOptions {

    @Option(
            names = "--broker-list",
            paramLabel = "0,1,2",
            description = "Place all replicas anew, evenly, on these brokers.")
    @Nullable String brokers;

    @Option(
            names = "--exclude",
            paramLabel = "3",
            description = "Move away what is on these brokers, and nothing else.")
    @Nullable String excluded;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "Add or take away replicas, so that each partition has so many.")
    @Nullable Integer replicationFactor;

    @Option(
            names = "--topics-to-move-json-file",
            paramLabel = "FILE",
            description =
                    "Kafka's: {\"topics\":[{\"topic\":\"t\"}]}. Default: the topics of --topic,"
                            + " else all.")
    @Nullable Path file;

    boolean isUsed() {
        return brokers != null || excluded != null || replicationFactor != null || file != null;
    }

    /** Only the partitions that would change. */
    SortedMap<TopicPartition, List<Integer>> plan(Session session, List<String> topics) {
        Path path = file;
        if (path != null && !topics.isEmpty()) {
            throw CommandFailure.usage("--topic and --topics-to-move-json-file: one of them");
        }
        if (brokers == null && excluded == null && replicationFactor == null) {
            throw CommandFailure.usage(
                    "one of --broker-list, --exclude, --replication-factor is needed");
        }
        if (brokers != null && excluded != null) {
            throw CommandFailure.usage("--broker-list and --exclude: one of them");
        }
        Integer factor = replicationFactor;
        if (factor != null && factor < 1) {
            throw CommandFailure.usage("--replication-factor must be at least 1");
        }
        if (factor != null && path == null && topics.isEmpty()) {
            throw CommandFailure.usage("--replication-factor needs --topic");
        }
        List<String> names = path == null ? topics : TopicFile.read(path);
        names.forEach(name -> PartitionLookup.topic(session, name));
        return session.await(
                session.admin()
                        .planReassignments(
                                new PlacementWish(
                                        names,
                                        BrokerIds.parse("--broker-list", brokers),
                                        BrokerIds.parse("--exclude", excluded),
                                        brokers != null,
                                        factor == null ? 0 : factor)));
    }
}
