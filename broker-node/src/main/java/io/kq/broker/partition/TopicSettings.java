package io.kq.broker.partition;

import io.kq.log.LogConfig;
import io.kq.log.LogConfig.Flush;
import io.kq.log.LogConfig.TimestampType;
import io.kq.log.retention.RetentionPolicy;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.config.TopicConfig;
import java.time.Duration;
import java.util.Map;

/** What a topic's configs mean for its partitions: what it sets, over the cluster's defaults. */
final class TopicSettings {

    private TopicSettings() {}

    static LogConfig logConfig(TopicImage topic, LogConfig defaults) {
        Map<String, String> set = topic.configs();
        return new LogConfig(
                (int) number(TopicConfig.SEGMENT_BYTES, set, defaults.segmentBytes()),
                has(TopicConfig.SEGMENT_MS, set)
                        ? Duration.ofMillis(TopicConfig.SEGMENT_MS.number(set))
                        : defaults.segmentAge(),
                (int) number(TopicConfig.MAX_MESSAGE_BYTES, set, defaults.messageBytesMax()),
                flush(set, defaults.flush()),
                timestampType(set, defaults.timestampType()));
    }

    /** How long and up to which size the topic's records are kept. */
    static RetentionPolicy retention(TopicImage topic, RetentionPolicy defaults) {
        Map<String, String> set = topic.configs();
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
