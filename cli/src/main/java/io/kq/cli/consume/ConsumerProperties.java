package io.kq.cli.consume;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerConfig.Reset;
import io.kq.client.KqConsumer.Position;
import io.kq.protocol.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Kafka's consumer settings as kq's. */
public final class ConsumerProperties {

    private static final Set<String> KNOWN =
            Set.of(
                    "auto.offset.reset",
                    "max.partition.fetch.bytes",
                    "fetch.max.bytes",
                    "isolation.level",
                    "group.id");

    private final Map<String, String> properties;

    private ConsumerProperties(Map<String, String> properties) {
        this.properties = properties;
    }

    /**
     * Checks and translates the session's.
     *
     * @param reset what follows when a position no longer exists, unless the settings say it
     */
    public static ConsumerConfig config(Session session, Reset reset) {
        ConsumerProperties known = new ConsumerProperties(session.properties(KNOWN));
        if (known.properties.containsKey("group.id")) {
            throw groupsAreNotBuilt();
        }
        checkIsolation(known.properties.getOrDefault("isolation.level", "read_uncommitted"));
        ConsumerConfig defaults = ConsumerConfig.defaults();
        return new ConsumerConfig(
                known.bytes("max.partition.fetch.bytes", defaults.partitionBytesMax()),
                known.bytes("fetch.max.bytes", (int) defaults.prefetchBytesMax()),
                known.reset().orElse(reset));
    }

    /** The one refusal of consumer groups, until they are built. */
    static CommandFailure groupsAreNotBuilt() {
        return CommandFailure.of(ErrorCode.UNSUPPORTED, "Consumer groups are not in this version.")
                .next("leave the group out: kq consume reads all partitions and commits nothing");
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
