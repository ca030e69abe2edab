package io.kq.cli.configs;

import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.cli.shell.TextTable;
import io.kq.client.admin.ConfigDescription;
import io.kq.client.admin.ConfigDescription.Source;
import io.kq.client.admin.ConfigDescription.Synonym;
import io.kq.client.admin.ConfigResource;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * {@code --describe}, in Kafka's lines: what was set, or all. {@code -o wide} is a table with what
 * each config means.
 */
final class ConfigListing {

    private static final Map<Source, String> KAFKA_SOURCES =
            Map.of(
                    Source.TOPIC, "DYNAMIC_TOPIC_CONFIG",
                    Source.NODE, "STATIC_BROKER_CONFIG",
                    Source.DEFAULT, "DEFAULT_CONFIG",
                    Source.UNKNOWN, "UNKNOWN");

    /** Brokers by number, topics by name. */
    private static final Comparator<ConfigResource> ORDER =
            Comparator.<ConfigResource>comparingInt(
                            r ->
                                    r.type() == ConfigResource.Type.BROKER
                                            ? Integer.parseInt(r.name())
                                            : 0)
                    .thenComparing(ConfigResource::name);

    private final Session session;
    private final boolean all;

    ConfigListing(Session session, boolean all) {
        this.session = session;
        this.all = all;
    }

    void print(List<ConfigResource> resources) {
        Map<ConfigResource, List<ConfigDescription>> described = new TreeMap<>(ORDER);
        resources.forEach(resource -> described.put(resource, configs(resource)));
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON -> terminal.println(json(described));
            case JSONL ->
                    described.forEach(
                            (resource, configs) ->
                                    configs.forEach(
                                            config -> terminal.println(json(resource, config))));
            case NAME ->
                    described.values().stream()
                            .flatMap(List::stream)
                            .map(ConfigDescription::name)
                            .distinct()
                            .forEach(terminal::println);
            case TABLE ->
                    described.forEach(
                            (resource, configs) -> {
                                terminal.println(title(resource));
                                configs.forEach(config -> terminal.println(line(config)));
                            });
            case WIDE -> table(described).print(terminal);
        }
    }

    private List<ConfigDescription> configs(ConfigResource resource) {
        Source set = resource.type() == ConfigResource.Type.TOPIC ? Source.TOPIC : Source.NODE;
        try {
            return session.await(session.admin().describeConfigs(resource)).stream()
                    .filter(config -> all || config.source() == set)
                    .toList();
        } catch (RejectedException e) {
            if (e.code() == ErrorCode.TOPIC_NOT_FOUND) {
                throw Explanation.noTopic(session, e, resource.name(), "kq topics --list");
            }
            throw e;
        }
    }

    /** {@code topic first_topic}, {@code broker 0}. */
    static String text(ConfigResource resource) {
        return resource.type().name().toLowerCase(Locale.ROOT) + " " + resource.name();
    }

    private String title(ConfigResource resource) {
        String which =
                all ? "All" : resource.type() == ConfigResource.Type.TOPIC ? "Dynamic" : "Static";
        return which + " configs for " + text(resource) + " are:";
    }

    /** The synonyms of a value that was set are what was set; with all come the defaults. */
    private String line(ConfigDescription config) {
        String synonyms =
                config.synonyms().stream()
                        .filter(synonym -> all || synonym.source() == config.source())
                        .map(
                                synonym ->
                                        KAFKA_SOURCES.get(synonym.source())
                                                + ":"
                                                + synonym.name()
                                                + "="
                                                + synonym.value())
                        .collect(Collectors.joining(", "));
        return "  "
                + config.name()
                + "="
                + config.value()
                + " sensitive="
                + config.sensitive()
                + " synonyms={"
                + synonyms
                + "}";
    }

    private static TextTable table(Map<ConfigResource, List<ConfigDescription>> described) {
        TextTable table = new TextTable("ENTITY", "CONFIG", "VALUE", "SOURCE", "MEANING");
        described.forEach(
                (resource, configs) ->
                        configs.forEach(
                                config ->
                                        table.row(
                                                text(resource),
                                                config.name(),
                                                config.value().isEmpty() ? "-" : config.value(),
                                                config.source().name().toLowerCase(Locale.ROOT),
                                                config.documentation())));
        return table;
    }

    private static String json(Map<ConfigResource, List<ConfigDescription>> described) {
        JsonText json = new JsonText();
        json.beginObject().name("resources").beginArray();
        described.forEach(
                (resource, configs) -> {
                    json.beginObject().name("resource");
                    write(json, resource);
                    json.name("entries").array(configs, config -> write(json, config));
                    json.endObject();
                });
        return json.endArray().endObject().toString();
    }

    private static String json(ConfigResource resource, ConfigDescription config) {
        JsonText json = new JsonText();
        json.beginObject().name("resource");
        write(json, resource);
        json.name("entry");
        write(json, config);
        return json.endObject().toString();
    }

    static void write(JsonText json, ConfigResource resource) {
        json.beginObject();
        json.name("type").value(resource.type().name());
        json.name("name").value(resource.name());
        json.endObject();
    }

    private static void write(JsonText json, ConfigDescription config) {
        json.beginObject();
        json.name("name").value(config.name());
        json.name("value").value(config.value());
        json.name("source").value(config.source().name());
        json.name("readOnly").value(config.readOnly());
        json.name("sensitive").value(config.sensitive());
        json.name("documentation").value(config.documentation());
        json.name("synonyms").array(config.synonyms(), synonym -> write(json, synonym));
        json.endObject();
    }

    private static void write(JsonText json, Synonym synonym) {
        json.beginObject();
        json.name("name").value(synonym.name());
        json.name("value").value(synonym.value());
        json.name("source").value(synonym.source().name());
        json.endObject();
    }
}
