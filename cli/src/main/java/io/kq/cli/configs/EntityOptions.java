package io.kq.cli.configs;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.ConfigResource;
import io.kq.client.admin.TopicDescription;
import io.kq.protocol.ErrorCode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose configs: Kafka's two ways to say it. */
final class EntityOptions {

    /** What has configs in Kafka and none in kq. */
    private static final List<String> KAFKA_ONLY =
            List.of("users", "clients", "ips", "groups", "client-metrics", "broker-loggers");

    @Option(names = "--entity-type", paramLabel = "TYPE", description = "topics or brokers.")
    @Nullable String typeName;

    @Option(
            names = "--entity-name",
            paramLabel = "X",
            description = "A topic's name, or a broker's id. With --describe the default is all.")
    @Nullable String name;

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "T",
            description = "The same as --entity-type topics --entity-name T.")
    @Nullable String topic;

    @Option(
            names = "--broker",
            paramLabel = "ID",
            description = "The same as --entity-type brokers --entity-name ID.")
    @Nullable String broker;

    @Option(names = "--entity-default", hidden = true)
    boolean entityDefault;

    ConfigResource.Type type() {
        if (entityDefault) {
            throw CommandFailure.of(
                            ErrorCode.UNSUPPORTED,
                            "There are no configs for all brokers at once: each node has settings.")
                    .next("set it in each node's settings file and restart them one by one");
        }
        int ways = (typeName == null ? 0 : 1) + (topic == null ? 0 : 1) + (broker == null ? 0 : 1);
        if (ways != 1 || (typeName == null && name != null)) {
            throw CommandFailure.usage(
                    "one of --entity-type with --entity-name, --topic, --broker is needed");
        }
        if (topic != null) {
            name = topic;
            return ConfigResource.Type.TOPIC;
        }
        if (broker != null) {
            name = broker;
            return ConfigResource.Type.BROKER;
        }
        return named(String.valueOf(typeName).toLowerCase(Locale.ROOT));
    }

    private static ConfigResource.Type named(String typeName) {
        return switch (typeName) {
            case "topics", "topic" -> ConfigResource.Type.TOPIC;
            case "brokers", "broker" -> ConfigResource.Type.BROKER;
            default -> {
                if (KAFKA_ONLY.contains(typeName)) {
                    throw CommandFailure.of(
                                    ErrorCode.UNSUPPORTED, "kq has no configs of " + typeName + ".")
                            .next("--entity-type topics, or --entity-type brokers");
                }
                throw CommandFailure.usage(
                        "--entity-type: '" + typeName + "' is neither topics nor brokers");
            }
        };
    }

    /** The one that was named. */
    ConfigResource resource(ConfigResource.Type type) {
        String named = name;
        if (named == null) {
            throw CommandFailure.usage("--alter needs --entity-name: one at a time");
        }
        return resource(type, named);
    }

    /** The one that was named, or all of the type. */
    List<ConfigResource> resources(Session session, ConfigResource.Type type) {
        if (name != null) {
            ConfigResource named = resource(type);
            if (type == ConfigResource.Type.BROKER) {
                requireUp(session, named);
            }
            return List.of(named);
        }
        return switch (type) {
            case TOPIC ->
                    session.await(session.admin().listTopics()).stream()
                            .map(TopicDescription::name)
                            .map(ConfigResource::topic)
                            .toList();
            case BROKER ->
                    brokers(session).stream()
                            .filter(broker -> isUp(session, broker))
                            .map(BrokerDescription::id)
                            .map(ConfigResource::broker)
                            .toList();
        };
    }

    private static List<BrokerDescription> brokers(Session session) {
        return session.await(session.admin().describeCluster()).brokers();
    }

    private static boolean isUp(Session session, BrokerDescription broker) {
        if (!broker.up()) {
            session.notice("WARNING: " + down(broker.id()));
        }
        return broker.up();
    }

    private static String down(int broker) {
        return "Broker " + broker + " is down, and only a broker itself knows its settings.";
    }

    /** A node is not asked for what it cannot tell: that would take until the deadline. */
    private static void requireUp(Session session, ConfigResource resource) {
        int id = Integer.parseInt(resource.name());
        if (brokers(session).stream().anyMatch(broker -> broker.id() == id && !broker.up())) {
            throw CommandFailure.of(ErrorCode.UNREACHABLE, down(id))
                    .next("start it, or look at its settings file");
        }
    }

    private static ConfigResource resource(ConfigResource.Type type, String name) {
        if (type == ConfigResource.Type.TOPIC) {
            return ConfigResource.topic(name);
        }
        try {
            return ConfigResource.broker(Integer.parseInt(name));
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("a broker is named by its id, not '" + name + "'")
                    .next("kq cluster brokers (shows their ids)");
        }
    }
}
