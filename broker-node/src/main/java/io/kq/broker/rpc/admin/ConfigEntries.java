package io.kq.broker.rpc.admin;

import io.kq.broker.config.ConfigKey;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.config.Settings;
import io.kq.broker.config.Settings.Origin;
import io.kq.broker.config.Settings.Setting;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import io.kq.protocol.config.TopicConfig;
import io.kq.v1.ConfigEntry;
import io.kq.v1.ConfigSource;
import io.kq.v1.ConfigSynonym;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What values configs have and where these come from. Any thread. */
final class ConfigEntries {

    /** Settings of a node that are defaults of its topics. */
    private static final Map<TopicConfig, ConfigKey<?>> NODE_DEFAULTS =
            Map.of(
                    TopicConfig.SEGMENT_BYTES, NodeKeys.LOG_SEGMENT_BYTES,
                    TopicConfig.RETENTION_MS, NodeKeys.LOG_RETENTION,
                    TopicConfig.RETENTION_BYTES, NodeKeys.LOG_RETENTION_BYTES,
                    TopicConfig.MAX_MESSAGE_BYTES, NodeKeys.MAX_MESSAGE_BYTES,
                    TopicConfig.FLUSH, NodeKeys.FLUSH);

    private final Settings settings;

    ConfigEntries(Settings settings) {
        this.settings = settings;
    }

    /** All configs that a topic can have, by name. */
    List<ConfigEntry> ofTopic(TopicImage topic) {
        return Arrays.stream(TopicConfig.values())
                .map(config -> ofTopic(config, topic))
                .sorted(Comparator.comparing(ConfigEntry::getName))
                .toList();
    }

    private ConfigEntry ofTopic(TopicConfig config, TopicImage topic) {
        List<ConfigSynonym> synonyms = new ArrayList<>();
        String set = topic.configs().get(config.key());
        if (set != null) {
            synonyms.add(synonym(config.key(), set, ConfigSource.CONFIG_SOURCE_TOPIC));
        }
        ConfigKey<?> key = NODE_DEFAULTS.get(config);
        if (key == null) {
            String otherwise =
                    config == TopicConfig.MIN_INSYNC_REPLICAS
                            ? Integer.toString(
                                    TopicConfig.minInsyncReplicas(
                                            Map.of(), topic.replicationFactor()))
                            : config.defaultValue();
            synonyms.add(synonym(config.key(), otherwise, ConfigSource.CONFIG_SOURCE_DEFAULT));
        } else {
            addSetting(key, plain(config), synonyms);
        }
        return entry(config.key(), synonyms, false, config.doc());
    }

    /** As a topic's config is written, where the node's setting can be written so. */
    private static UnaryOperator<String> plain(TopicConfig config) {
        return text -> {
            try {
                return config.normalize(text);
            } catch (RejectedException outOfATopicsRange) {
                return text;
            }
        };
    }

    /** All settings that the node was started with, by name. */
    List<ConfigEntry> ofNode() {
        List<ConfigEntry> entries = new ArrayList<>();
        for (ConfigKey<?> key : NodeKeys.ALL) {
            List<ConfigSynonym> synonyms = new ArrayList<>();
            addSetting(key, text -> text, synonyms);
            entries.add(entry(key.name(), synonyms, true, key.doc()));
        }
        entries.sort(Comparator.comparing(ConfigEntry::getName));
        return entries;
    }

    private void addSetting(
            ConfigKey<?> key, UnaryOperator<String> plain, List<ConfigSynonym> synonyms) {
        Setting setting = settings.all().get(key);
        if (setting != null && setting.origin() != Origin.DEFAULT) {
            synonyms.add(
                    synonym(
                            key.name(),
                            plain.apply(setting.text()),
                            ConfigSource.CONFIG_SOURCE_NODE));
        }
        String otherwise = key.defaultText().isEmpty() ? "" : plain.apply(key.defaultText());
        synonyms.add(synonym(key.name(), otherwise, ConfigSource.CONFIG_SOURCE_DEFAULT));
    }

    private static ConfigEntry entry(
            String name, List<ConfigSynonym> synonyms, boolean readOnly, String doc) {
        return ConfigEntry.newBuilder()
                .setName(name)
                .setValue(synonyms.get(0).getValue())
                .setSource(synonyms.get(0).getSource())
                .setReadOnly(readOnly)
                .setDocumentation(doc)
                .addAllSynonyms(synonyms)
                .build();
    }

    private static ConfigSynonym synonym(String name, String value, ConfigSource source) {
        return ConfigSynonym.newBuilder().setName(name).setValue(value).setSource(source).build();
    }

    /** Why a node's setting is not changed. */
    RejectedException unchangeable(String name, int broker) {
        Optional<ConfigKey<?>> key =
                NodeKeys.ALL.stream().filter(k -> k.name().equals(name)).findFirst();
        if (key.isPresent()) {
            return new RejectedException(
                            ErrorCode.INVALID_CONFIG,
                            "Setting '"
                                    + name
                                    + "' cannot be changed while a node runs: set it in the"
                                    + " settings of node "
                                    + broker
                                    + " and restart it.")
                    .with("name", name);
        }
        RejectedException unknown =
                new RejectedException(
                                ErrorCode.UNKNOWN_CONFIG, "Unknown broker setting '" + name + "'.")
                        .with("name", name);
        return Suggestion.nearest(name, NodeKeys.ALL.stream().map(ConfigKey::name).toList())
                .map(near -> unknown.with("suggestion", near))
                .orElse(unknown);
    }

    /** What whoever sets these configs of a topic should hear. */
    static List<String> warnings(Map<String, String> set, int replicationFactor) {
        List<String> warnings = new ArrayList<>(TopicConfig.warnings(set));
        String minIsr = set.get(TopicConfig.MIN_INSYNC_REPLICAS.key());
        if (minIsr != null && replicationFactor > 0) {
            long needed = TopicConfig.MIN_INSYNC_REPLICAS.number(set);
            if (needed > replicationFactor) {
                warnings.add(
                        "min.insync.replicas="
                                + needed
                                + " is more than the topic's "
                                + replicationFactor
                                + " replica(s): all writes are refused.");
            } else if (needed == replicationFactor && replicationFactor > 1) {
                warnings.add(
                        "min.insync.replicas="
                                + needed
                                + " is all of the topic's replicas: writes are refused while any"
                                + " of their brokers is down.");
            }
        }
        return warnings;
    }
}
