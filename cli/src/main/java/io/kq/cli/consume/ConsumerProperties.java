package io.kq.cli.consume;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerConfig.Reset;
import io.kq.client.KqConsumer.Position;
import io.kq.client.group.GroupConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Kafka's consumer settings as kq's. */
public final class ConsumerProperties {

    private static final String COMMIT_INTERVAL = "auto.commit.interval.ms";

    private static final Set<String> KNOWN =
            Set.of(
                    "auto.offset.reset",
                    "max.partition.fetch.bytes",
                    "fetch.max.bytes",
                    "isolation.level",
                    "group.id",
                    "group.instance.id",
                    "client.id",
                    "group.remote.assignor",
                    "session.timeout.ms",
                    "max.poll.interval.ms",
                    "enable.auto.commit",
                    COMMIT_INTERVAL);

    private final Map<String, String> properties;

    private ConsumerProperties(Map<String, String> properties) {
        this.properties = properties;
    }

    /** Checks the session's. */
    static ConsumerProperties of(Session session) {
        ConsumerProperties known = new ConsumerProperties(session.properties(KNOWN));
        checkIsolation(known.properties.getOrDefault("isolation.level", "read_uncommitted"));
        return known;
    }

    /**
     * Checks and translates the session's, for a command that is no member of a group.
     *
     * @param reset what follows when a position no longer exists, unless the settings say it
     */
    public static ConsumerConfig config(Session session, Reset reset) {
        ConsumerProperties known = of(session);
        if (known.properties.containsKey("group.id")) {
            throw CommandFailure.usage("this command reads without a group: leave group.id out");
        }
        return known.config(reset);
    }

    /** How records are fetched. */
    ConsumerConfig config(Reset reset) {
        ConsumerConfig defaults = ConsumerConfig.defaults();
        return new ConsumerConfig(
                bytes("max.partition.fetch.bytes", defaults.partitionBytesMax()),
                bytes("fetch.max.bytes", (int) defaults.prefetchBytesMax()),
                reset().orElse(reset));
    }

    /**
     * The group to be a member of, by the option or by {@code group.id}.
     *
     * @param typed the option
     */
    Optional<GroupConfig> group(@Nullable String typed) {
        String set = properties.getOrDefault("group.id", "");
        if (typed != null && !set.isEmpty() && !set.equals(typed)) {
            throw CommandFailure.usage(
                    "--group says '" + typed + "' and group.id '" + set + "': which is it?");
        }
        String id = typed == null ? set : typed;
        if (typed != null && typed.isEmpty()) {
            throw CommandFailure.usage("--group needs a name");
        }
        return id.isEmpty() ? Optional.empty() : Optional.of(group(id, GroupConfig.of(id)));
    }

    private GroupConfig group(String id, GroupConfig defaults) {
        return new GroupConfig(
                id,
                properties.getOrDefault("group.instance.id", ""),
                properties.getOrDefault("client.id", ""),
                properties.getOrDefault("group.remote.assignor", defaults.assignor()),
                millis("session.timeout.ms", defaults.sessionTimeout()),
                defaults.rebalanceTimeout(),
                millis("max.poll.interval.ms", defaults.pollInterval()),
                autoCommit(defaults));
    }

    private Optional<Duration> autoCommit(GroupConfig defaults) {
        String enabled = properties.getOrDefault("enable.auto.commit", "true").strip();
        if (!enabled.equals("true") && !enabled.equals("false")) {
            throw CommandFailure.usage(
                    "enable.auto.commit: '" + enabled + "' is not true or false");
        }
        Duration every = defaults.autoCommit().orElse(Duration.ofSeconds(5));
        return enabled.equals("true")
                ? Optional.of(millis(COMMIT_INTERVAL, every))
                : Optional.empty();
    }

    private Duration millis(String key, Duration otherwise) {
        @Nullable String text = properties.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value > 0) {
                return Duration.ofMillis(value);
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw CommandFailure.usage(key + ": '" + text + "' is not a number of milliseconds");
    }

    /** Without transactions all that can be read is committed: both levels are the same. */
    static void checkIsolation(String level) {
        if (!level.equals("read_committed") && !level.equals("read_uncommitted")) {
            throw CommandFailure.usage(
                    "isolation level '" + level + "' is not read_committed or read_uncommitted");
        }
    }

    /** Where reading starts if no option says it: at the end, unless the settings differ. */
    static Position start(Session session) {
        Map<String, String> properties = session.settings().properties();
        return "earliest".equals(properties.get("auto.offset.reset"))
                ? Position.EARLIEST
                : Position.LATEST;
    }

    /** {@code auto.offset.reset}, if it is set. */
    private Optional<Reset> reset() {
        @Nullable String text = properties.get("auto.offset.reset");
        if (text == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (text) {
                    case "earliest" -> Reset.EARLIEST;
                    case "latest" -> Reset.LATEST;
                    case "none" -> Reset.NONE;
                    default ->
                            throw CommandFailure.usage(
                                    "auto.offset.reset: '"
                                            + text
                                            + "' is not earliest, latest or none");
                });
    }

    private int bytes(String key, int otherwise) {
        @Nullable String text = properties.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            int value = Integer.parseInt(text.strip());
            if (value > 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw CommandFailure.usage(key + ": '" + text + "' is not a number of bytes");
    }
}
