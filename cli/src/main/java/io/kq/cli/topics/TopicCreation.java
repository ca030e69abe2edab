package io.kq.cli.topics;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.KafkaProperties;
import io.kq.cli.shell.Session;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.NewTopic;
import io.kq.client.admin.TopicCreated;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --create} and the options that it alone has. */
final class TopicCreation {

    /** Kafka's own words, so that scripts and people know them. */
    private static final String COLLISION_WARNING =
            "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore"
                    + " ('_') could collide. To avoid issues it is best to use either, but not"
                    + " both.";

    private static final String METRIC_NAMES = "limitations in metric names";

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "Copies of each partition. Default: the cluster's.")
    @Nullable Integer replicationFactor;

    @Option(
            names = "--config",
            paramLabel = "KEY=VALUE",
            description = "A setting of this topic. Can be given again.")
    List<String> configs = new ArrayList<>();

    @Option(names = "--if-not-exists", description = "A topic of this name is no error.")
    boolean ifNotExists;

    boolean isUsed() {
        return replicationFactor != null || !configs.isEmpty() || ifNotExists;
    }

    void run(Session session, String name, PartitionOptions partitions) {
        NewTopic topic = newTopic(name, partitions);
        TopicCreated created;
        try {
            created = session.await(session.admin().createTopic(topic));
        } catch (RejectedException e) {
            throw explained(session, e, name);
        }
        warn(session, created, name);
        switch (session.format()) {
            case JSON, JSONL -> session.terminal().println(json(created));
            case NAME -> session.terminal().println(name);
            case TABLE, WIDE -> {
                if (created.created()) {
                    session.terminal().println("Created topic " + name + ".");
                } else {
                    session.notice("Topic " + name + " exists already.");
                }
            }
        }
    }

    private NewTopic newTopic(String name, PartitionOptions partitions) {
        TopicName.problem(name)
                .ifPresent(
                        problem -> {
                            throw CommandFailure.of(
                                            ErrorCode.INVALID_TOPIC_NAME,
                                            "Bad --topic: " + problem + ".")
                                    .next("choose a name such as " + legal(name));
                        });
        List<List<Integer>> assignments = partitions.assignments();
        if (!assignments.isEmpty() && (partitions.count != null || replicationFactor != null)) {
            throw CommandFailure.usage(
                    "--replica-assignment goes without --partitions and --replication-factor");
        }
        return new NewTopic(
                name,
                PartitionOptions.positive("--partitions", partitions.count),
                PartitionOptions.positive("--replication-factor", replicationFactor),
                assignments,
                KafkaProperties.parse("--config", configs),
                ifNotExists,
                false);
    }

    /** The name that comes nearest to an illegal one. */
    private static String legal(String name) {
        String legal = name.replaceAll("[^a-zA-Z0-9._-]+", "-");
        boolean usable = TopicName.problem(legal).isEmpty() && !legal.equals("-");
        return usable ? legal : "first_topic";
    }

    private static CommandFailure explained(Session session, RejectedException e, String name) {
        return switch (e.code()) {
            case TOPIC_ALREADY_EXISTS ->
                    CommandFailure.from(e, "Topic '" + name + "' already exists.")
                            .next(
                                    "add --if-not-exists, or see it with:"
                                            + " kq topics --describe --topic "
                                            + name);
            case INSUFFICIENT_BROKERS ->
                    CommandFailure.from(e)
                            .next(
                                    factorToUse(session)
                                            + ", or start more brokers"
                                            + " (kq cluster brokers shows who is in)");
            default -> Explanation.of(e);
        };
    }

    /** What would work is worth one more call, and never a second failure. */
    private static String factorToUse(Session session) {
        try {
            long brokers =
                    session.await(session.admin().describeCluster()).brokers().stream()
                            .filter(BrokerDescription::up)
                            .count();
            return brokers > 0
                    ? "use --replication-factor " + brokers
                    : "use a smaller --replication-factor";
        } catch (RejectedException e) {
            return "use a smaller --replication-factor";
        }
    }

    private static void warn(Session session, TopicCreated created, String name) {
        if (created.created() && TopicName.canCollide(name)) {
            session.notice(COLLISION_WARNING);
        }
        created.warnings().stream()
                .filter(w -> !w.contains(METRIC_NAMES))
                .forEach(w -> session.notice("WARNING: " + w));
    }

    private static String json(TopicCreated created) {
        JsonText json = new JsonText();
        json.beginObject().name("topic");
        TopicJson.write(json, created.topic());
        json.name("created").value(created.created());
        json.name("warnings").array(created.warnings(), json::value);
        return json.endObject().toString();
    }
}
