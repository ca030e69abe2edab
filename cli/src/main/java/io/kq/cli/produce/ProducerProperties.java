package io.kq.cli.produce;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerConfig.Acks;
import io.kq.client.ProducerConfig.Compression;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's producer settings as kq's. What is not set keeps kq's default, which is the safe one:
 * acks=all, every record once.
 */
public final class ProducerProperties {

    private static final Set<String> KNOWN =
            Set.of(
                    "acks",
                    "enable.idempotence",
                    "linger.ms",
                    "batch.size",
                    "buffer.memory",
                    "max.block.ms",
                    "delivery.timeout.ms",
                    "compression.type");

    private final Map<String, String> properties;

    private ProducerProperties(Map<String, String> properties) {
        this.properties = properties;
    }

    /**
     * Checks and translates the session's.
     *
     * @throws CommandFailure a key or value is not known
     */
    public static ProducerConfig config(Session session) {
        return new ProducerProperties(session.properties(KNOWN)).config();
    }

    private ProducerConfig config() {
        ProducerConfig defaults = ProducerConfig.defaults();
        Acks acks = acks(properties.getOrDefault("acks", "all"));
        boolean idempotent = idempotent(acks);
        return new ProducerConfig(
                acks,
                idempotent,
                millis("linger.ms", defaults.linger()),
                (int) number("batch.size", defaults.batchBytesMax(), 1, 64 << 20),
                number("buffer.memory", defaults.bufferBytesMax(), 1 << 20, 1L << 40),
                millis("max.block.ms", defaults.blockMax()),
                millis("delivery.timeout.ms", defaults.deliveryTimeout()),
                compression(properties.getOrDefault("compression.type", "none")));
    }

    private boolean idempotent(Acks acks) {
        @Nullable String asked = properties.get("enable.idempotence");
        if (asked == null) {
            return acks == Acks.ALL;
        }
        if (!asked.equals("true") && !asked.equals("false")) {
            throw CommandFailure.usage("enable.idempotence: '" + asked + "' is not true or false");
        }
        if (asked.equals("true") && acks != Acks.ALL) {
            throw CommandFailure.usage("enable.idempotence=true needs acks=all");
        }
        return asked.equals("true");
    }

    /** {@code 2} is what some notes call {@code all}: the leader and its replicas. */
    static Acks acks(String text) {
        return switch (text) {
            case "0" -> Acks.NONE;
            case "1" -> Acks.LEADER;
            case "2", "all", "-1" -> Acks.ALL;
            default -> throw CommandFailure.usage("acks: '" + text + "' is not 0, 1, all or -1");
        };
    }

    static Compression compression(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        return Arrays.stream(Compression.values())
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                CommandFailure.usage(
                                        "compression '"
                                                + text
                                                + "' is not none, gzip, snappy, lz4 or zstd"));
    }

    private Duration millis(String key, Duration otherwise) {
        return Duration.ofMillis(number(key, otherwise.toMillis(), 0, Integer.MAX_VALUE));
    }

    private long number(String key, long otherwise, long min, long max) {
        @Nullable String text = properties.get(key);
        if (text == null) {
            return otherwise;
        }
        try {
            long value = Long.parseLong(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Said below, as a number that is out of range is.
        }
        throw CommandFailure.usage(
                key + ": '" + text + "' is not a number from " + min + " to " + max);
    }
}
