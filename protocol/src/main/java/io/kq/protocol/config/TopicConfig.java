package io.kq.protocol.config;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.Suggestion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The configs that a topic can have: Kafka's names, with Kafka's defaults unless the doc string
 * says otherwise. Keys of Kafka that kq has no use for are known too, so that tools which set them
 * work ({@link Effect#INERT}); where ignoring a value would break what its setter counts on, only
 * the default is taken ({@link Effect#FIXED}). Immutable, any thread.
 */
public enum TopicConfig {
    CLEANUP_POLICY(
            "cleanup.policy",
            ValueRule.someOf("delete", "compact"),
            "delete",
            Effect.APPLIED,
            "What becomes of old records. `delete`: whole segments go by retention. `compact`: a"
                    + " record goes once a later one has its key; every record needs a key."
                    + " `compact,delete`: both."),
    RETENTION_MS(
            "retention.ms",
            ValueRule.duration(-1, Long.MAX_VALUE),
            "604800000",
            Effect.APPLIED,
            "How long records are kept. A segment goes when its newest record is older. -1: for"
                    + " ever."),
    RETENTION_BYTES(
            "retention.bytes",
            ValueRule.size(-1, Long.MAX_VALUE),
            "-1",
            Effect.APPLIED,
            "How many bytes of a partition are kept: its oldest segments go as long as the others"
                    + " have at least that. -1: all."),
    MIN_CLEANABLE_DIRTY_RATIO(
            "min.cleanable.dirty.ratio",
            ValueRule.ratio(),
            "0.5",
            Effect.APPLIED,
            "With `compact`: it is run once more than this share of a partition's bytes came since"
                    + " the last time."),
    MIN_COMPACTION_LAG_MS(
            "min.compaction.lag.ms",
            ValueRule.duration(0, Long.MAX_VALUE),
            "0",
            Effect.APPLIED,
            "With `compact`: a record younger than this is not removed."),
    MAX_COMPACTION_LAG_MS(
            "max.compaction.lag.ms",
            ValueRule.duration(1, Long.MAX_VALUE),
            "9223372036854775807",
            Effect.APPLIED,
            "With `compact`: once the oldest record that compaction has not seen is older, it is"
                + " run whatever min.cleanable.dirty.ratio says; segments are closed at this age"
                + " too."),
    DELETE_RETENTION_MS(
            "delete.retention.ms",
            ValueRule.duration(0, Long.MAX_VALUE),
            "86400000",
            Effect.APPLIED,
            "With `compact`: how long a record without value is kept once compaction has met it, so"
                    + " that readers hear that its key is deleted."),
    SEGMENT_BYTES(
            "segment.bytes",
            ValueRule.size(4096, Integer.MAX_VALUE),
            "1073741824",
            Effect.APPLIED,
            "Size at which a segment file is closed and a new one begun. Retention removes whole"
                    + " segments."),
    SEGMENT_MS(
            "segment.ms",
            ValueRule.duration(1, Long.MAX_VALUE),
            "604800000",
            Effect.APPLIED,
            "Age of its first record at which a segment file is closed, full or not."),
    MAX_MESSAGE_BYTES(
            "max.message.bytes",
            ValueRule.size(1024, 4_128_768),
            "1048588",
            Effect.APPLIED,
            "Largest record batch, as sent (compressed). Bounded by the 4 MiB that a gRPC message"
                    + " may have."),
    MIN_INSYNC_REPLICAS(
            "min.insync.replicas",
            ValueRule.number(1, Integer.MAX_VALUE),
            "1",
            Effect.APPLIED,
            "In-sync replicas, the leader among them, without which writes are refused. Not set: 2"
                    + " from three replicas on."),
    FLUSH(
            "flush",
            ValueRule.choice("os", "fsync"),
            "os",
            Effect.APPLIED,
            "kq's own. What an acknowledged write has survived on each in-sync replica: `os` the"
                    + " process (page cache), `fsync` the machine (disk)."),
    COMPRESSION_TYPE(
            "compression.type",
            ValueRule.choice("producer"),
            "producer",
            Effect.APPLIED,
            "`producer`: batches are kept as they came. Nodes do not recompress, so no other value"
                    + " is taken."),
    MESSAGE_TIMESTAMP_TYPE(
            "message.timestamp.type",
            ValueRule.choice("CreateTime", "LogAppendTime"),
            "CreateTime",
            Effect.APPLIED,
            "Whose time records carry: the producer's or the leader's at the append."),
    UNCLEAN_LEADER_ELECTION_ENABLE(
            "unclean.leader.election.enable",
            ValueRule.bool(),
            "false",
            Effect.FIXED,
            "A replica that may lack acknowledged records leads by an operator's word only: `kq"
                    + " leaders --elect --election-type unclean`."),

    FLUSH_MESSAGES(
            "flush.messages",
            ValueRule.number(1, Long.MAX_VALUE),
            "9223372036854775807",
            Effect.FIXED,
            "Use `flush`: it says what an acknowledgement means, not when a file is synced."),
    FLUSH_MS(
            "flush.ms",
            ValueRule.duration(0, Long.MAX_VALUE),
            "9223372036854775807",
            Effect.FIXED,
            "Use `flush`: it says what an acknowledgement means, not when a file is synced."),
    MESSAGE_TIMESTAMP_BEFORE_MAX_MS(
            "message.timestamp.before.max.ms",
            ValueRule.duration(0, Long.MAX_VALUE),
            "9223372036854775807",
            Effect.FIXED,
            "Old timestamps are not refused."),
    MESSAGE_TIMESTAMP_AFTER_MAX_MS(
            "message.timestamp.after.max.ms",
            ValueRule.duration(0, Long.MAX_VALUE),
            "3600000",
            Effect.FIXED,
            "Batches with a time more than an hour ahead of the leader's clock are refused."),
    REMOTE_STORAGE_ENABLE(
            "remote.storage.enable",
            ValueRule.bool(),
            "false",
            Effect.FIXED,
            "There is no tiered storage."),
    LEADER_REPLICATION_THROTTLED_REPLICAS(
            "leader.replication.throttled.replicas",
            ValueRule.list(),
            "",
            Effect.FIXED,
            "A node has one throttle for all: its setting replication.catchup.rate."),
    FOLLOWER_REPLICATION_THROTTLED_REPLICAS(
            "follower.replication.throttled.replicas",
            ValueRule.list(),
            "",
            Effect.FIXED,
            "A node has one throttle for all: its setting replication.catchup.rate."),

    SEGMENT_JITTER_MS(
            "segment.jitter.ms",
            ValueRule.duration(0, Long.MAX_VALUE),
            "0",
            Effect.INERT,
            "Rolling a segment is cheap enough not to be spread over time."),
    SEGMENT_INDEX_BYTES(
            "segment.index.bytes",
            ValueRule.size(4, Integer.MAX_VALUE),
            "10485760",
            Effect.INERT,
            "One index serves all partitions of a node; there are no index files per segment."),
    INDEX_INTERVAL_BYTES(
            "index.interval.bytes",
            ValueRule.size(0, Integer.MAX_VALUE),
            "4096",
            Effect.INERT,
            "The index chooses its own density."),
    PREALLOCATE(
            "preallocate",
            ValueRule.bool(),
            "false",
            Effect.INERT,
            "The node decides by itself whether files are preallocated."),
    FILE_DELETE_DELAY_MS(
            "file.delete.delay.ms",
            ValueRule.duration(0, Long.MAX_VALUE),
            "60000",
            Effect.INERT,
            "Files go when their last reader is done, without a delay."),
    COMPRESSION_GZIP_LEVEL(
            "compression.gzip.level",
            ValueRule.number(-1, 9),
            "-1",
            Effect.INERT,
            "Concerns recompression by nodes, which compression.type=producer rules out."),
    COMPRESSION_LZ4_LEVEL(
            "compression.lz4.level",
            ValueRule.number(1, 17),
            "9",
            Effect.INERT,
            "Concerns recompression by nodes, which compression.type=producer rules out."),
    COMPRESSION_ZSTD_LEVEL(
            "compression.zstd.level",
            ValueRule.number(-131072, 22),
            "3",
            Effect.INERT,
            "Concerns recompression by nodes, which compression.type=producer rules out."),
    LOCAL_RETENTION_MS(
            "local.retention.ms",
            ValueRule.duration(-2, Long.MAX_VALUE),
            "-2",
            Effect.INERT,
            "Concerns tiered topics only."),
    LOCAL_RETENTION_BYTES(
            "local.retention.bytes",
            ValueRule.size(-2, Long.MAX_VALUE),
            "-2",
            Effect.INERT,
            "Concerns tiered topics only."),
    REMOTE_LOG_COPY_DISABLE(
            "remote.log.copy.disable",
            ValueRule.bool(),
            "false",
            Effect.INERT,
            "Concerns tiered topics only."),
    REMOTE_LOG_DELETE_ON_DISABLE(
            "remote.log.delete.on.disable",
            ValueRule.bool(),
            "false",
            Effect.INERT,
            "Concerns tiered topics only."),
    MESSAGE_DOWNCONVERSION_ENABLE(
            "message.downconversion.enable",
            ValueRule.bool(),
            "true",
            Effect.INERT,
            "There is one batch format and nothing to convert to; without effect in Kafka 4 too.");

    /** What a value does. */
    public enum Effect {
        /** It is obeyed. */
        APPLIED,
        /** Any legal value is kept and shown, and changes nothing. */
        INERT,
        /** Only the default is taken: kq does not do what another value asks for. */
        FIXED
    }

    private final String key;
    private final ValueRule rule;
    private final String defaultValue;
    private final Effect effect;
    private final String doc;

    TopicConfig(String key, ValueRule rule, String defaultValue, Effect effect, String doc) {
        this.key = key;
        this.rule = rule;
        this.defaultValue = defaultValue;
        this.effect = effect;
        this.doc = doc;
    }

    /** The name, for example {@code retention.ms}. */
    public String key() {
        return key;
    }

    /** The value of a topic that sets none, in plain form. */
    public String defaultValue() {
        return defaultValue;
    }

    public Effect effect() {
        return effect;
    }

    /** What it means, for people; Markdown. */
    public String doc() {
        return doc;
    }

    /** The kind of value, a word for documentation: number, size, duration, ... */
    public String type() {
        return rule.type().word();
    }

    /** The allowed values, for documentation. */
    public String range() {
        return effect == Effect.FIXED ? "the default only" : rule.range();
    }

    /** The config of this name. */
    public static Optional<TopicConfig> of(String key) {
        return Arrays.stream(values()).filter(c -> c.key.equals(key)).findFirst();
    }

    /**
     * The same.
     *
     * @throws RejectedException UNKNOWN_CONFIG (metadata {@code name}, {@code suggestion} if one is
     *     near)
     */
    public static TopicConfig require(String key) {
        return of(key).orElseThrow(() -> unknown(key));
    }

    /**
     * Checks configs that someone wants to set.
     *
     * @throws RejectedException UNKNOWN_CONFIG (metadata {@code name}, {@code suggestion} if one is
     *     near) or INVALID_CONFIG (metadata {@code name}, {@code value}); definite
     */
    public static void checkAll(Map<String, String> configs) {
        normalizeAll(configs);
    }

    /**
     * The same configs in Kafka's plain form, {@code 7d} becoming {@code 604800000}: what is stored
     * and shown. Refuses as {@link #checkAll}.
     */
    public static SortedMap<String, String> normalizeAll(Map<String, String> configs) {
        SortedMap<String, String> normalized = new TreeMap<>();
        for (Map.Entry<String, String> config : new TreeMap<>(configs).entrySet()) {
            TopicConfig known = require(config.getKey());
            normalized.put(known.key, known.normalize(config.getValue()));
        }
        return normalized;
    }

    /**
     * One value in plain form.
     *
     * @throws RejectedException INVALID_CONFIG
     */
    public String normalize(String value) {
        String plain;
        try {
            plain = rule.normalize(value);
        } catch (IllegalArgumentException e) {
            throw invalid(value, String.valueOf(e.getMessage()));
        }
        if (effect == Effect.FIXED && !plain.equals(defaultValue)) {
            throw invalid(value, "only " + shown(defaultValue) + " is supported. " + doc);
        }
        return plain;
    }

    /**
     * In-sync replicas without which a partition takes no writes. Unless set: 2 of three and more
     * replicas, 1 below, so that one broker may be down without the partition standing still.
     *
     * @param replicas how many the partition has, without those that are only being added
     */
    public static int minInsyncReplicas(Map<String, String> configs, int replicas) {
        if (configs.containsKey(MIN_INSYNC_REPLICAS.key)) {
            return (int) MIN_INSYNC_REPLICAS.number(configs);
        }
        return replicas >= 3 ? 2 : 1;
    }

    /** What whoever sets {@code configs} should hear, for people: values that change nothing. */
    public static List<String> warnings(Map<String, String> configs) {
        List<String> warnings = new ArrayList<>();
        for (TopicConfig config : values()) {
            String value = configs.get(config.key);
            if (value == null || config.normalize(value).equals(config.defaultValue)) {
                continue;
            }
            if (config.effect == Effect.INERT) {
                warnings.add(config.key + " is stored and changes nothing. " + config.doc);
            }
        }
        return warnings;
    }

    /** Whether {@code word} is among the words that {@code configs} give, or the default. */
    public boolean includes(Map<String, String> configs, String word) {
        return List.of(text(configs).split(",", -1)).contains(word);
    }

    /** The share that {@code configs} give, or the default: 0 to 1. */
    public double share(Map<String, String> configs) {
        return Double.parseDouble(text(configs));
    }

    /** The number that {@code configs} give, or the default: bytes, milliseconds or a count. */
    public long number(Map<String, String> configs) {
        return Long.parseLong(text(configs));
    }

    /** The text that {@code configs} give, in plain form, or the default. */
    public String text(Map<String, String> configs) {
        String value = configs.get(key);
        return value == null ? defaultValue : normalize(value);
    }

    /** The duration that {@code configs} give, or the default; negative means without end. */
    public Duration duration(Map<String, String> configs) {
        return Duration.ofMillis(number(configs));
    }

    /** The yes or no that {@code configs} give, or the default. */
    public boolean flag(Map<String, String> configs) {
        return Boolean.parseBoolean(text(configs));
    }

    private RejectedException invalid(String value, String why) {
        String hint = rule.choices().size() == 1 ? ". " + doc : "";
        return new RejectedException(
                ErrorCode.INVALID_CONFIG,
                "Invalid value '" + value + "' for config " + key + ": " + why + hint,
                true,
                Map.of("name", key, "value", value));
    }

    private static String shown(String value) {
        return value.isEmpty() ? "an empty value" : value;
    }

    private static RejectedException unknown(String key) {
        RejectedException rejected =
                new RejectedException(
                        ErrorCode.UNKNOWN_CONFIG,
                        "Unknown topic config '" + key + "'.",
                        true,
                        Map.of("name", key));
        List<String> keys = Arrays.stream(values()).map(TopicConfig::key).toList();
        return Suggestion.nearest(key, keys)
                .map(near -> rejected.with("suggestion", near))
                .orElse(rejected);
    }

    @Override
    public String toString() {
        return key;
    }
}
