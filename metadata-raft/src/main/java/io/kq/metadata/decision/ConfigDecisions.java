package io.kq.metadata.decision;

import io.kq.metadata.decision.MetadataOperation.AlterTopicConfigs;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.protocol.config.TopicConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** Changes of topics' configs: what is not named stays as it is. Pure. */
public final class ConfigDecisions {

    private ConfigDecisions() {}

    /**
     * Checks all of it, then changes what is different. A smaller {@code min.insync.replicas} takes
     * its eligible leader replicas with it (rule 21).
     *
     * @return the topic's id
     */
    public static Decision<UUID> alter(AlterTopicConfigs operation, MetadataImage image) {
        TopicImage topic =
                image.topic(operation.topic())
                        .orElseThrow(() -> TopicDecisions.notFound(operation.topic(), image));
        List<MetadataRecord> records = new ArrayList<>();
        normalized(operation.changes())
                .forEach(
                        (key, value) -> {
                            Optional<String> now = Optional.ofNullable(topic.configs().get(key));
                            if (!now.equals(value)) {
                                records.add(new TopicConfigChanged(topic.id(), key, value));
                            }
                        });
        if (records.isEmpty() || operation.validateOnly()) {
            return Decision.nothing(topic.id());
        }
        TopicImage after =
                ImageTransition.applyStrictly(image, records)
                        .after()
                        .topic(topic.id())
                        .orElseThrow();
        records.addAll(PartitionEdits.forgottenEligible(topic, after));
        return Decision.of(records, topic.id());
    }

    private static Map<String, Optional<String>> normalized(Map<String, Optional<String>> changes) {
        Map<String, Optional<String>> normalized = new TreeMap<>();
        changes.forEach(
                (key, value) -> {
                    TopicConfig config = TopicConfig.require(key);
                    normalized.put(key, value.map(config::normalize));
                });
        return normalized;
    }
}
