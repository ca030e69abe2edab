package io.kq.metadata.decision;

import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.placement.PartitionChange;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Partitions of an image with the changes that one operation has decided so far. Loop thread. */
final class PartitionEdits {

    private final MetadataImage image;
    private final List<MetadataRecord> records = new ArrayList<>();
    private final Map<Key, PartitionImage> edited = new LinkedHashMap<>();

    private record Key(UUID topicId, int partition) {}

    PartitionEdits(MetadataImage image) {
        this.image = image;
    }

    /** The partition as it is by now; it is one of the topic's. */
    PartitionImage get(TopicImage topic, int partition) {
        PartitionImage changed = edited.get(new Key(topic.id(), partition));
        return changed == null ? topic.partitions().get(partition) : changed;
    }

    /** The partition's next state: its partition epoch is one above that of {@link #get}. */
    void put(TopicImage topic, int partition, PartitionImage next) {
        edited.put(new Key(topic.id(), partition), next);
        records.add(new PartitionChanged(topic.id(), partition, next.toState()));
    }

    /**
     * All that was decided. A partition whose {@code min.insync.replicas} follows its replicas may
     * need a smaller ISR from now on: what is committed then need not be on the replicas that were
     * eligible, so they are not any more, in the same batch.
     */
    List<MetadataRecord> records() {
        if (records.isEmpty()) {
            return records;
        }
        List<MetadataRecord> all = new ArrayList<>(records);
        MetadataImage after = ImageTransition.applyStrictly(image, records).after();
        edited.keySet().stream()
                .map(Key::topicId)
                .distinct()
                .forEach(
                        id ->
                                all.addAll(
                                        forgottenEligible(
                                                image.topic(id).orElseThrow(),
                                                after.topic(id).orElseThrow())));
        return all;
    }

    /** What must go with a smaller minimum: replicas that are eligible by the old one. */
    static List<MetadataRecord> forgottenEligible(TopicImage before, TopicImage after) {
        List<MetadataRecord> changes = new ArrayList<>();
        for (int i = 0; i < before.partitions().size(); i++) {
            PartitionImage partition = after.partitions().get(i);
            int minIsr = after.minIsr(partition);
            if (minIsr < before.minIsr(before.partitions().get(i))) {
                Optional<PartitionImage> next =
                        new PartitionChange(partition).forgetEligible(minIsr).ifChanged();
                if (next.isPresent()) {
                    changes.add(new PartitionChanged(after.id(), i, next.get().toState()));
                }
            }
        }
        return changes;
    }
}
