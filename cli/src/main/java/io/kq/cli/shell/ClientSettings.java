package io.kq.cli.shell;

import io.kq.client.ClientConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the cluster is, and who says so. A value comes from the first of: option, {@code
 * --command-config} file, environment, profile, default.
 *
 * @param origin of the bootstrap servers: an option's, a variable's or a file's name, or {@code
 *     default}
 * @param properties the other settings of the file and of {@code --command-property}, for the
 *     command
 */
public record ClientSettings(ClientConfig client, String origin, Map<String, String> properties) {

    private static final String DEFAULT_SERVER = "127.0.0.1:9092";
    private static final String SERVERS = "bootstrap.servers";
    private static final String VARIABLE = "KQ_BOOTSTRAP_SERVER";
    private static final int DEFAULT_PORT = 9092;
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    public ClientSettings {
        properties = Map.copyOf(properties);
    }

    /** Looks it all up. Reads files; opens no connection. */
    static ClientSettings resolve(
            GlobalOptions options, Map<String, String> given, Map<String, String> environment) {
        if (options.bootstrapServer != null && options.bootstrapServer.isBlank()) {
            throw CommandFailure.usage("--bootstrap-server is empty");
        }
        Map<String, String> settings = new TreeMap<>();
        if (options.commandConfig != null) {
            settings.putAll(KafkaProperties.load(Path.of(options.commandConfig)));
        }
        settings.putAll(given);
        KafkaProperties.requirePlaintext(settings);
        Origin servers = servers(options, settings, environment);
        String timeout =
                options.requestTimeout != null
                        ? options.requestTimeout
                        : settings.getOrDefault("request.timeout.ms", "");
        Duration requestTimeout =
                timeout.isEmpty()
                        ? DEFAULT_TIMEOUT
                        : Quantity.duration("--request-timeout", timeout);
        if (requestTimeout.isZero()) {
            throw CommandFailure.usage("--request-timeout must be more than 0");
        }
        String clientId = settings.getOrDefault("client.id", "kq-cli");
        settings.keySet().removeAll(List.of(SERVERS, "client.id", "request.timeout.ms"));
        ClientConfig config =
                new ClientConfig(addresses(servers.value()), clientId, requestTimeout);
        return new ClientSettings(config, servers.name(), settings);
    }

    /** A value and who says so. */
    private record Origin(String name, String value) {}

    private static Origin servers(
            GlobalOptions options, Map<String, String> settings, Map<String, String> environment) {
        Path profile = profile(environment);
        return Stream.<Supplier<Origin>>of(
                        () -> new Origin("--bootstrap-server", text(options.bootstrapServer)),
                        () -> new Origin("properties", text(settings.get(SERVERS))),
                        () -> new Origin(VARIABLE, text(environment.get(VARIABLE))),
                        () -> new Origin(profile.toString(), profileServers(profile, environment)))
                .map(Supplier::get)
                .filter(origin -> !origin.value().isEmpty())
                .findFirst()
                .orElse(new Origin("default", DEFAULT_SERVER));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }

    private static Path profile(Map<String, String> environment) {
        String named = environment.getOrDefault("KQ_PROFILE", "");
        if (!named.isEmpty()) {
            return Path.of(named);
        }
        String home = environment.getOrDefault("HOME", ".");
        String config = environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config");
        return Path.of(config, "kq", "client.properties");
    }

    private static String profileServers(Path profile, Map<String, String> environment) {
        boolean named = !environment.getOrDefault("KQ_PROFILE", "").isEmpty();
        if (!named && !Files.exists(profile)) {
            return "";
        }
        return KafkaProperties.load(profile).getOrDefault(SERVERS, "");
    }

    /** {@code a:1,b} becomes {@code a:1} and {@code b:9092}. */
    private static List<String> addresses(String servers) {
        List<String> addresses = new ArrayList<>();
        for (String part : servers.split(",", -1)) {
            addresses.add(address(part.strip(), servers));
        }
        return addresses;
    }

    private static String address(String part, String whole) {
        int colon = part.lastIndexOf(':');
        boolean bareIpv6 = part.indexOf(':') != colon && !part.contains("]");
        if (part.isEmpty() || bareIpv6) {
            throw badAddress(whole);
        }
        if (colon < 0 || part.endsWith("]")) {
            return part + ":" + DEFAULT_PORT;
        }
        try {
            int port = Integer.parseInt(part.substring(colon + 1));
            if (colon == 0 || port < 1 || port > 65_535) {
                throw badAddress(whole);
            }
        } catch (NumberFormatException e) {
            throw badAddress(whole);
        }
        return part;
    }

    private static CommandFailure badAddress(String servers) {
        return CommandFailure.usage("'" + servers + "' is not HOST:PORT[,HOST:PORT]");
    }
}
