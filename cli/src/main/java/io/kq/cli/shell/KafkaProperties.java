package io.kq.cli.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.protocol.ErrorCode;
import io.kq.runtime.io.FileProblem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * {@code key=value} settings in Kafka's spelling, from options or files. Every key is known, or the
 * command is refused: a setting that is silently ignored is a setting that fails later.
 */
public final class KafkaProperties {

    /** Kafka's clients need these, kq has no use for them and nothing is lost. */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "key.serializer",
                    "value.serializer",
                    "key.deserializer",
                    "value.deserializer",
                    "client.dns.lookup",
                    "metadata.max.age.ms",
                    "reconnect.backoff.ms",
                    "reconnect.backoff.max.ms",
                    "retry.backoff.ms",
                    "retry.backoff.max.ms",
                    "connections.max.idle.ms",
                    "send.buffer.bytes",
                    "receive.buffer.bytes",
                    "check.crcs",
                    "retries",
                    "enable.auto.commit",
                    "auto.commit.interval.ms",
                    "fetch.min.bytes",
                    "fetch.max.wait.ms",
                    "max.poll.records",
                    "max.poll.interval.ms",
                    "max.in.flight.requests.per.connection");

    private KafkaProperties() {}

    /** Splits {@code key=value} at the first {@code =}; a later key replaces an earlier one. */
    public static Map<String, String> parse(String option, Collection<String> pairs) {
        Map<String, String> properties = new LinkedHashMap<>();
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals <= 0) {
                throw CommandFailure.usage(option + ": '" + pair + "' is not KEY=VALUE");
            }
            properties.put(pair.substring(0, equals).strip(), pair.substring(equals + 1));
        }
        return properties;
    }

    /** Reads a properties file. */
    public static Map<String, String> load(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            properties.load(reader);
        } catch (IOException e) {
            throw CommandFailure.local("FILE_NOT_READABLE", "cannot read " + file, e)
                    .withDetail(FileProblem.of(e))
                    .withExitCode(ExitCode.USAGE)
                    .next("check the path");
        } catch (IllegalArgumentException e) {
            throw CommandFailure.local("FILE_NOT_READABLE", "cannot read " + file, e)
                    .withDetail(String.valueOf(e.getMessage()))
                    .withExitCode(ExitCode.USAGE)
                    .next("write key=value lines; a backslash starts an escape");
        }
        Map<String, String> map = new LinkedHashMap<>();
        properties.stringPropertyNames().stream()
                .sorted()
                .forEach(key -> map.put(key, properties.getProperty(key).strip()));
        return map;
    }

    /**
     * Refuses what this command does not know.
     *
     * @return keys that are accepted and change nothing
     */
    static List<String> check(Map<String, String> properties, Set<String> known) {
        TreeSet<String> ignored = new TreeSet<>();
        for (String key : properties.keySet()) {
            if (WITHOUT_EFFECT.contains(key)) {
                ignored.add(key);
            } else if (!isSecurity(key) && !known.contains(key)) {
                throw CommandFailure.usage("unknown property '" + key + "'")
                        .didYouMean(DidYouMean.among(known, key));
            }
        }
        return List.copyOf(ignored);
    }

    /** Refuses security that this version cannot give: whoever asked for it must not go without. */
    static void requirePlaintext(Map<String, String> properties) {
        for (Map.Entry<String, String> property : properties.entrySet()) {
            String key = property.getKey();
            boolean plaintext =
                    key.equals("security.protocol")
                            && property.getValue().equalsIgnoreCase("PLAINTEXT");
            if (isSecurity(key) && !plaintext) {
                throw CommandFailure.of(
                                ErrorCode.UNSUPPORTED,
                                "TLS and SASL are not in this version of kq; '"
                                        + key
                                        + "' cannot be honoured.")
                        .next("leave it out, and reach the nodes through a network you trust");
            }
        }
    }

    private static boolean isSecurity(String key) {
        return key.equals("security.protocol") || key.startsWith("ssl.") || key.startsWith("sasl.");
    }
}
