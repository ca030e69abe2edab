package io.kq.broker.partition;

import io.kq.broker.compaction.CompactedPartition;
import io.kq.log.LogConfig;
import io.kq.log.LogConfig.Flush;
import io.kq.log.LogConfig.TimestampType;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.retention.RetentionPolicy;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.config.TopicConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a topic's configs mean for its partitions: what it sets, over the cluster's defaults. */
final class TopicSettings {

    private TopicSettings() {}

    static LogConfig logConfig(TopicImage topic, LogConfig defaults) {
        Map<String, String> set = topic.configs();
        return new LogConfig(
                (int) number(TopicConfig.SEGMENT_BYTES, set, defaults.segmentBytes()),
                segmentAge(set, defaults.segmentAge()),
                (int) number(TopicConfig.MAX_MESSAGE_BYTES, set, defaults.messageBytesMax()),
                flush(set, defaults.flush()),
                timestampType(set, defaults.timestampType()),
                isCompacted(set));
    }

    private static boolean isCompacted(Map<String, String> set) {
        return TopicConfig.CLEANUP_POLICY.includes(set, "compact");
    }

    /** What is to be compacted after a time has to be in a closed segment by then. */
    private static Duration segmentAge(Map<String, String> set, Duration otherwise) {
        long age = number(TopicConfig.SEGMENT_MS, set, otherwise.toMillis());
        return Duration.ofMillis(
                isCompacted(set)
                        ? Math.min(age, TopicConfig.MAX_COMPACTION_LAG_MS.number(set))
                        : age);
    }

    /** How the topic's partitions are compacted; empty: not at all. */
    private static Optional<CompactionPolicy> compaction(TopicImage topic, LogConfig defaults) {
        Map<String, String> set = topic.configs();
        return isCompacted(set)
                ? Optional.of(
                        new CompactionPolicy(
                                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO.share(set),
                                TopicConfig.MIN_COMPACTION_LAG_MS.number(set),
                                TopicConfig.MAX_COMPACTION_LAG_MS.number(set),
                                TopicConfig.DELETE_RETENTION_MS.number(set),
                                number(TopicConfig.SEGMENT_BYTES, set, defaults.segmentBytes())))
                : Optional.empty();
    }

    /** Those of the partitions hosted here that are to be compacted. */
    static List<CompactedPartition> compacted(
            Map<TopicIdPartition, HostedPartition> hosted,
            MetadataImage image,
            LogConfig defaults) {
        List<CompactedPartition> compacted = new ArrayList<>();
        hosted.forEach(
                (id, here) ->
                        image.topic(id.topicId())
                                .flatMap(topic -> compaction(topic, defaults))
                                .flatMap(here::compacted)
                                .ifPresent(compacted::add));
        return compacted;
    }

    /** How long and up to which size the topic's records are kept. */
    static RetentionPolicy retention(TopicImage topic, RetentionPolicy defaults) {
        Map<String, String> set = topic.configs();
        if (!TopicConfig.CLEANUP_POLICY.includes(set, "delete")) {
            return RetentionPolicy.keepAll();
        }
        return new RetentionPolicy(
                number(TopicConfig.RETENTION_MS, set, defaults.retentionMillis()),
                number(TopicConfig.RETENTION_BYTES, set, defaults.retentionBytes()));
    }

    private static boolean has(TopicConfig config, Map<String, String> set) {
        return set.containsKey(config.key());
    }

    private static long number(TopicConfig config, Map<String, String> set, long otherwise) {
        return has(config, set) ? config.number(set) : otherwise;
    }

    private static Flush flush(Map<String, String> set, Flush otherwise) {
        if (!has(TopicConfig.FLUSH, set)) {
            return otherwise;
        }
        return TopicConfig.FLUSH.text(set).equals("fsync") ? Flush.FSYNC : Flush.OS;
    }

    private static TimestampType timestampType(Map<String, String> set, TimestampType otherwise) {
        if (!has(TopicConfig.MESSAGE_TIMESTAMP_TYPE, set)) {
            return otherwise;
        }
        return TopicConfig.MESSAGE_TIMESTAMP_TYPE.text(set).equals("LogAppendTime")
                ? TimestampType.LOG_APPEND_TIME
                : TimestampType.CREATE_TIME;
    }
}
