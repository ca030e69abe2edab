package io.kq.metadata.decision;

import static io.kq.metadata.image.Images.TOPIC;
import static io.kq.metadata.image.Images.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.metadata.decision.MetadataOperation.AlterTopicConfigs;
import io.kq.metadata.image.Images;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.PartitionState;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigDecisionsTest {

    private final MetadataImage image =
            with(
                    Images.withBrokers(1, 2, 3),
                    (MetadataRecord)
                            new TopicCreated(
                                    TOPIC,
                                    "topic",
                                    List.of(
                                            new PartitionState(
                                                    List.of(1, 2, 3),
                                                    List.of(1),
                                                    List.of(2),
                                                    1,
                                                    5,
                                                    9)),
                                    Map.of("retention.ms", "1000"),
                                    false,
                                    1));

    private static AlterTopicConfigs set(String key, String value) {
        return new AlterTopicConfigs("topic", Map.of(key, Optional.of(value)), false);
    }

    private TopicImage after(AlterTopicConfigs operation) {
        Decision<?> decision = ConfigDecisions.alter(operation, image);
        return with(image, decision.records().toArray(MetadataRecord[]::new))
                .topic("topic")
                .orElseThrow();
    }

    @Test
    void whatIsNotNamedStaysAsItIs() {
        assertThat(after(set("segment.bytes", "1MiB")).configs())
                .isEqualTo(Map.of("retention.ms", "1000", "segment.bytes", "1048576"));
        assertThat(
                        after(
                                        new AlterTopicConfigs(
                                                "topic",
                                                Map.of(
                                                        "retention.ms",
                                                        Optional.empty(),
                                                        "segment.bytes",
                                                        Optional.of("8192")),
                                                false))
                                .configs())
                .isEqualTo(Map.of("segment.bytes", "8192"));
    }

    @Test
    void whatIsSoAlreadyIsNoChange() {
        assertThat(ConfigDecisions.alter(set("retention.ms", "1s"), image).records()).isEmpty();
        assertThat(
                        ConfigDecisions.alter(
                                        new AlterTopicConfigs(
                                                "topic",
                                                Map.of("segment.bytes", Optional.empty()),
                                                false),
                                        image)
                                .records())
                .isEmpty();
    }

    @Test
    void oneWrongValueRefusesAll() {
        assertRefused(set("retention.mss", "1"), ErrorCode.UNKNOWN_CONFIG);
        assertRefused(set("retention.ms", "soon"), ErrorCode.INVALID_CONFIG);
        assertRefused(
                new AlterTopicConfigs("topic", Map.of("nothing", Optional.empty()), false),
                ErrorCode.UNKNOWN_CONFIG);
        assertRefused(new AlterTopicConfigs("topik", Map.of(), false), ErrorCode.TOPIC_NOT_FOUND);
    }

    private void assertRefused(AlterTopicConfigs operation, ErrorCode code) {
        assertThat(
                        catchThrowableOfType(
                                        RejectedException.class,
                                        () -> ConfigDecisions.alter(operation, image))
                                .code())
                .isEqualTo(code);
    }

    @Test
    void validationChangesNothing() {
        assertThat(
                        ConfigDecisions.alter(
                                        new AlterTopicConfigs(
                                                "topic",
                                                Map.of("retention.ms", Optional.of("5")),
                                                true),
                                        image)
                                .records())
                .isEmpty();
    }

    @Test
    void smallerMinimumLeavesNobodyEligible() {
        TopicImage smaller = after(set("min.insync.replicas", "1"));
        assertThat(smaller.partitions().get(0).elr()).isEmpty();
        assertThat(smaller.partitions().get(0).partitionEpoch()).isEqualTo(10);
        assertThat(after(set("min.insync.replicas", "3")).partitions().get(0).elr())
                .containsExactly(2);
        assertThat(ConfigDecisions.alter(set("min.insync.replicas", "2"), image).records())
                .containsExactly(
                        new TopicConfigChanged(TOPIC, "min.insync.replicas", Optional.of("2")));
    }
}
