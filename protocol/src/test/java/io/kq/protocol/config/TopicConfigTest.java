package io.kq.protocol.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopicConfigTest {

    @Test
    void knowsEveryTopicConfigOfKafka() throws Exception {
        for (Field field : org.apache.kafka.common.config.TopicConfig.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getName().endsWith("_CONFIG")) {
                String key = (String) field.get(null);
                assertThat(TopicConfig.of(key)).as(key).isPresent();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TopicConfig.class)
    void takesItsOwnDefaultInPlainForm(TopicConfig config) {
        assertThat(config.normalize(config.defaultValue())).isEqualTo(config.defaultValue());
        assertThat(config.text(Map.of())).isEqualTo(config.defaultValue());
        assertThat(config.doc()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "retention.ms, 7d, 604800000",
        "retention.ms, -1, -1",
        "segment.bytes, 1GiB, 1073741824",
        "segment.bytes, 128 MiB, 134217728",
        "segment.bytes, 1GB, 1000000000",
        "segment.ms, 90s, 90000",
        "min.insync.replicas, 2, 2",
        "flush, fsync, fsync",
        "preallocate, TRUE, true",
        "message.timestamp.type, LogAppendTime, LogAppendTime",
        "min.cleanable.dirty.ratio, 0.1, 0.1",
        "flush.messages, 9223372036854775807, 9223372036854775807",
        "delete.retention.ms, 100, 100",
        "cleanup.policy, compact, compact",
        "cleanup.policy, 'compact, delete', 'compact,delete'",
    })
    void storesValuesInKafkasPlainForm(String key, String value, String plain) {
        assertThat(TopicConfig.normalizeAll(Map.of(key, value)))
                .containsExactly(Map.entry(key, plain));
    }

    @ParameterizedTest
    @CsvSource({
        "retention.ms, seven",
        "retention.ms, -2",
        "retention.ms, 7y",
        "segment.bytes, 1GiBB",
        "segment.bytes, 10",
        "segment.bytes, 2GiB",
        "segment.ms, 99999999999999999999",
        "segment.ms, 106751991168d",
        "min.insync.replicas, 0",
        "min.insync.replicas, 1.5",
        "max.message.bytes, 16MiB",
        "flush, maybe",
        "unclean.leader.election.enable, yes",
        "unclean.leader.election.enable, true",
        "cleanup.policy, compress",
        "cleanup.policy, 'compact,compact'",
        "cleanup.policy, 'compact,'",
        "cleanup.policy, ''",
        "compression.type, zstd",
        "flush.messages, 1",
        "remote.storage.enable, true",
        "min.cleanable.dirty.ratio, 1.1",
        "min.cleanable.dirty.ratio, NaN",
    })
    void refusesValuesOutOfTypeOrRange(String key, String value) {
        RejectedException refusal = refusal(Map.of(key, value));

        assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(refusal.definite()).isTrue();
        assertThat(refusal.metadata()).isEqualTo(Map.of("name", key, "value", value));
        assertThat(refusal.getMessage()).contains(key).contains(value);
    }

    @Test
    void topicCanBeCompactedAndKeptForATimeTogether() {
        Map<String, String> both = Map.of("cleanup.policy", "compact,delete");

        assertThat(TopicConfig.CLEANUP_POLICY.includes(both, "compact")).isTrue();
        assertThat(TopicConfig.CLEANUP_POLICY.includes(both, "delete")).isTrue();
        assertThat(TopicConfig.CLEANUP_POLICY.includes(Map.of(), "compact")).isFalse();
        assertThat(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO.share(Map.of())).isEqualTo(0.5);
    }

    @Test
    void suggestsTheNearestKeyForAnUnknownOne() {
        RejectedException refusal = refusal(Map.of("retention.msec", "1"));

        assertThat(refusal.code()).isEqualTo(ErrorCode.UNKNOWN_CONFIG);
        assertThat(refusal.metadata())
                .isEqualTo(Map.of("name", "retention.msec", "suggestion", "retention.ms"));
    }

    @Test
    void suggestsNothingWhereNothingIsNear() {
        assertThat(refusal(Map.of("zzz", "1")).metadata()).isEqualTo(Map.of("name", "zzz"));
    }

    @Test
    void readsValuesOrDefaults() {
        Map<String, String> configs = Map.of("retention.ms", "1h", "segment.bytes", "1MiB");

        assertThat(TopicConfig.RETENTION_MS.duration(configs)).isEqualTo(Duration.ofHours(1));
        assertThat(TopicConfig.SEGMENT_BYTES.number(configs)).isEqualTo(1 << 20);
        assertThat(TopicConfig.MAX_MESSAGE_BYTES.number(configs)).isEqualTo(1_048_588);
        assertThat(TopicConfig.FLUSH.text(configs)).isEqualTo("os");
        assertThat(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE.flag(configs)).isFalse();
    }

    @Test
    void warnsOfValuesThatChangeNothing() {
        assertThat(
                        TopicConfig.warnings(
                                Map.of(
                                        "retention.ms", "1h",
                                        "preallocate", "true",
                                        "segment.ms", "1h",
                                        "delete.retention.ms", "2d",
                                        "segment.jitter.ms", "1")))
                .hasSize(2)
                .anyMatch(w -> w.startsWith("segment.jitter.ms is stored and changes nothing"))
                .anyMatch(w -> w.startsWith("preallocate is stored and changes nothing"));
    }

    @Test
    void takesAnEmptyMap() {
        assertThatCode(() -> TopicConfig.checkAll(Map.of())).doesNotThrowAnyException();
    }

    private static RejectedException refusal(Map<String, String> configs) {
        RejectedException refusal =
                catchThrowableOfType(RejectedException.class, () -> TopicConfig.checkAll(configs));
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
