package io.kq.metadata.image;

import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import io.kq.metadata.record.MetadataRecord.PartitionsAdded;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;

/** The topics' half of {@link ImageTransition}. Each method answers whether it had an effect. */
final class TopicsTransition {

    private final MetadataImage before;
    private PSortedMap<String, TopicImage> topics;
    private PMap<UUID, String> names;

    /**
     * Partitions of topics that this batch changes, by topic name: copied once however many of them
     * change. Invariant: the name is in {@link #topics}.
     */
    private final Map<String, List<PartitionImage>> openPartitions = new TreeMap<>();

    private final Set<String> touched = new TreeSet<>();
    private final Set<UUID> removed = new TreeSet<>();

    TopicsTransition(MetadataImage before) {
        this.before = before;
        this.topics = before.topics();
        this.names = before.topicNames();
    }

    boolean create(TopicCreated record) {
        if (topics.containsKey(record.name()) || names.containsKey(record.topicId())) {
            return false;
        }
        touched.add(record.name());
        topics =
                topics.plus(
                        record.name(),
                        new TopicImage(
                                record.topicId(),
                                record.name(),
                                record.partitions().stream().map(PartitionImage::of).toList(),
                                record.configs(),
                                record.internal(),
                                record.createdAtMillis()));
        names = names.plus(record.topicId(), record.name());
        return true;
    }

    boolean change(PartitionChanged record) {
        TopicImage topic = byId(record.topicId());
        if (topic == null) {
            return false;
        }
        List<PartitionImage> partitions = open(topic);
        if (record.partition() < 0 || record.partition() >= partitions.size()) {
            return false;
        }
        PartitionImage old = partitions.get(record.partition());
        PartitionImage changed = PartitionImage.of(record.state());
        if (changed.partitionEpoch() != old.partitionEpoch() + 1
                || changed.leaderEpoch() < old.leaderEpoch()) {
            return false;
        }
        touched.add(topic.name());
        partitions.set(record.partition(), changed);
        return true;
    }

    boolean add(PartitionsAdded record) {
        TopicImage topic = byId(record.topicId());
        if (topic == null || record.partitions().isEmpty()) {
            return false;
        }
        List<PartitionImage> partitions = open(topic);
        if (record.firstPartition() != partitions.size()) {
            return false;
        }
        touched.add(topic.name());
        record.partitions().forEach(state -> partitions.add(PartitionImage.of(state)));
        return true;
    }

    boolean delete(UUID id) {
        TopicImage topic = byId(id);
        if (topic == null) {
            return false;
        }
        openPartitions.remove(topic.name());
        topics = topics.minus(topic.name());
        names = names.minus(id);
        removed.add(id);
        return true;
    }

    boolean configure(TopicConfigChanged record) {
        TopicImage topic = byId(record.topicId());
        if (topic == null) {
            return false;
        }
        Map<String, String> configs = new TreeMap<>(topic.configs());
        record.value()
                .ifPresentOrElse(
                        value -> configs.put(record.key(), value),
                        () -> configs.remove(record.key()));
        touched.add(topic.name());
        topics = topics.plus(topic.name(), topic.withConfigs(configs));
        return true;
    }

    /** Puts the changed partitions in their topics; nothing is changed after it. */
    void finish() {
        openPartitions.forEach(
                (name, partitions) -> {
                    TopicImage topic = topics.get(name);
                    if (topic != null) {
                        topics = topics.plus(name, topic.withPartitions(partitions));
                    }
                });
    }

    PSortedMap<String, TopicImage> topics() {
        return topics;
    }

    PMap<UUID, String> names() {
        return names;
    }

    Set<String> changed() {
        Set<String> changed = new TreeSet<>(touched);
        changed.removeIf(
                name -> {
                    TopicImage topic = topics.get(name);
                    return topic == null || topic.equals(before.topics().get(name));
                });
        return changed;
    }

    Set<UUID> removed() {
        Set<UUID> gone = new TreeSet<>(removed);
        gone.removeIf(id -> !before.topicNames().containsKey(id));
        return gone;
    }

    private List<PartitionImage> open(TopicImage topic) {
        return openPartitions.computeIfAbsent(
                topic.name(), name -> new ArrayList<>(topic.partitions()));
    }

    private @Nullable TopicImage byId(UUID id) {
        String name = names.get(id);
        return name == null ? null : topics.get(name);
    }
}
