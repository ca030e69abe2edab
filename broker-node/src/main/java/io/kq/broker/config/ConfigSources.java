package io.kq.broker.config;

import static io.kq.broker.config.ConfigKey.VARIABLE_PREFIX;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;

import io.kq.broker.config.Settings.Origin;
import io.kq.broker.config.Settings.Setting;
import io.kq.protocol.Suggestion;
import io.kq.runtime.io.FileProblem;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads settings: {@code --override k=v}, then environment variables {@code KQ_CONF_...}, then the
 * file, then defaults. An unknown key or variable anywhere is refused with what was probably meant:
 * a misspelt setting that is silently ignored is found when it is too late.
 */
public final class ConfigSources {

    /**
     * What people who come from Kafka write, and what it is here: with a unit where a plain number
     * would mean something else.
     */
    private static final Map<String, String> KAFKA_NAMES =
            Map.ofEntries(
                    entry("broker.id", "node.id"),
                    entry("log.dirs", "data.dirs"),
                    entry("log.dir", "data.dirs"),
                    entry("metadata.log.dir", "data.dirs"),
                    entry("broker.rack", "rack.id"),
                    entry("controller.quorum.voters", "metadata.peers"),
                    entry("controller.quorum.bootstrap.servers", "metadata.peers"),
                    entry("log.retention.hours", "log.retention=168h"),
                    entry("log.retention.minutes", "log.retention=10080m"),
                    entry("log.retention.ms", "log.retention"),
                    entry("message.max.bytes", "max.message.bytes"));

    private final List<ConfigKey<?>> keys;

    private ConfigSources(List<ConfigKey<?>> keys) {
        this.keys = keys;
    }

    /** The settings of a node. */
    public static ConfigSources ofNode() {
        return new ConfigSources(NodeKeys.ALL);
    }

    /**
     * Reads and checks everything.
     *
     * @param environment of the process; only {@code KQ_CONF_...} is looked at
     * @throws StartRefusedException at the first thing that is wrong
     */
    public Settings read(
            Optional<Path> file, Map<String, String> environment, List<String> overrides) {
        Map<ConfigKey<?>, Setting> found = new LinkedHashMap<>();
        keys.forEach(key -> found.put(key, new Setting(key.defaultText(), Origin.DEFAULT)));
        file.ifPresent(path -> readFile(path, found));
        readEnvironment(environment, found);
        overrides.forEach(override -> readOverride(override, found));

        Map<ConfigKey<?>, Object> values = new LinkedHashMap<>();
        found.forEach(
                (key, setting) -> {
                    if (!setting.text().isEmpty()) {
                        values.put(key, parse(key, setting));
                    } else if (!key.defaultText().isEmpty()) {
                        throw isEmpty(key, setting);
                    }
                });
        return new Settings(found, values);
    }

    private void readFile(Path file, Map<ConfigKey<?>, Setting> found) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw StartRefusedException.config(
                    "CONFIG_UNREADABLE",
                    "the settings file " + file + " does not exist",
                    "check the path after --config");
        } catch (IOException e) {
            throw StartRefusedException.config(
                    "CONFIG_UNREADABLE",
                    "the settings file " + file + " cannot be read (" + FileProblem.of(e) + ")",
                    "check the path after --config");
        } catch (IllegalArgumentException e) {
            throw StartRefusedException.config(
                    "CONFIG_UNREADABLE",
                    "the settings file " + file + " is not a properties file: " + e.getMessage(),
                    "write key=value lines; a backslash starts an escape");
        }
        for (String name : new TreeSet<>(properties.stringPropertyNames())) {
            String text = properties.getProperty(name).strip();
            found.put(byName(name, "in " + file), new Setting(text, Origin.FILE));
        }
    }

    private void readEnvironment(
            Map<String, String> environment, Map<ConfigKey<?>, Setting> found) {
        Map<String, ConfigKey<?>> byVariable = new TreeMap<>();
        keys.forEach(key -> byVariable.put(key.variable(), key));
        new TreeMap<>(environment)
                .forEach(
                        (variable, text) -> {
                            if (!variable.startsWith(VARIABLE_PREFIX)) {
                                return;
                            }
                            ConfigKey<?> key = byVariable.get(variable);
                            if (key == null) {
                                throw unknown(
                                        "environment variable " + variable,
                                        Suggestion.nearest(variable, byVariable.keySet()));
                            }
                            found.put(key, new Setting(text.strip(), Origin.ENVIRONMENT));
                        });
    }

    private void readOverride(String override, Map<ConfigKey<?>, Setting> found) {
        int equals = override.indexOf('=');
        if (equals <= 0) {
            throw StartRefusedException.config(
                    "INVALID_ARGUMENT",
                    "--override " + override + " is not key=value",
                    "write --override node.id=0");
        }
        ConfigKey<?> key = byName(override.substring(0, equals).strip(), "in --override");
        found.put(key, new Setting(override.substring(equals + 1).strip(), Origin.OVERRIDE));
    }

    private ConfigKey<?> byName(String name, String where) {
        for (ConfigKey<?> key : keys) {
            if (key.name().equals(name)) {
                return key;
            }
        }
        if (name.startsWith("zookeeper.")) {
            throw StartRefusedException.config(
                    "UNKNOWN_CONFIG",
                    "unknown setting '" + name + "' " + where + ": kq has no ZooKeeper",
                    "remove the line; nodes find each other by metadata.peers");
        }
        String meant = KAFKA_NAMES.get(name);
        throw unknown(
                "setting '" + name + "' " + where,
                meant == null
                        ? Suggestion.nearest(name, keys.stream().map(ConfigKey::name).toList())
                        : Optional.of(meant));
    }

    private static StartRefusedException unknown(String what, Optional<String> meant) {
        return StartRefusedException.config(
                "UNKNOWN_CONFIG",
                "unknown " + what + meant.map(m -> " (did you mean " + m + "?)").orElse(""),
                "remove or correct it; docs/reference/config.md lists all settings");
    }

    /** Also of a variable that a shell or a manifest left empty. */
    private static StartRefusedException isEmpty(ConfigKey<?> key, Setting setting) {
        return StartRefusedException.config(
                "INVALID_CONFIG",
                key.name() + " has an empty value",
                "give it a "
                        + key.type().name()
                        + " or remove it (default "
                        + key.defaultText()
                        + "); it was set "
                        + originOf(key, setting.origin()));
    }

    private static Object parse(ConfigKey<?> key, Setting setting) {
        try {
            return key.type().parser().apply(setting.text());
        } catch (IllegalArgumentException e) {
            String range = key.type().range();
            throw StartRefusedException.config(
                    "INVALID_CONFIG",
                    key.name() + "=" + setting.text() + " " + e.getMessage(),
                    "give it a "
                            + key.type().name()
                            + (range.isEmpty() ? "" : " (" + range + ")")
                            + "; it was set "
                            + originOf(key, setting.origin()));
        }
    }

    private static String originOf(ConfigKey<?> key, Origin origin) {
        return switch (origin) {
            case DEFAULT -> "by default";
            case FILE -> "in the settings file";
            case ENVIRONMENT -> "by " + key.variable();
            case OVERRIDE -> "by --override";
        };
    }
}
