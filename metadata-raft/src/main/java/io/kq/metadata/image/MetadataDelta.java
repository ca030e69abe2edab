package io.kq.metadata.image;

import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * What differs between two images. A snapshot arrives as the delta from the image that the
 * subscriber had.
 *
 * @param changedTopics names whose topic is new, changed, or another one (other id) than before
 * @param removedTopics ids that are gone
 * @param changedBrokers ids of brokers that are new or changed
 * @param removedBrokers ids of brokers that are gone
 */
public record MetadataDelta(
        MetadataImage before,
        MetadataImage after,
        Set<String> changedTopics,
        Set<UUID> removedTopics,
        Set<Integer> changedBrokers,
        Set<Integer> removedBrokers) {

    public MetadataDelta {
        changedTopics = Collections.unmodifiableSet(changedTopics);
        removedTopics = Collections.unmodifiableSet(removedTopics);
        changedBrokers = Collections.unmodifiableSet(changedBrokers);
        removedBrokers = Collections.unmodifiableSet(removedBrokers);
    }

    /** Whether no topic and no broker differs; indexes, requests and producer ids may. */
    public boolean isEmpty() {
        return changedTopics.isEmpty()
                && removedTopics.isEmpty()
                && changedBrokers.isEmpty()
                && removedBrokers.isEmpty();
    }

    /**
     * Compares two images. Cost grows with their size; objects that are shared are equal at a
     * glance.
     */
    public static MetadataDelta between(MetadataImage before, MetadataImage after) {
        Set<String> changedTopics = new TreeSet<>();
        Set<UUID> removedTopics = new TreeSet<>();
        for (TopicImage topic : after.topics().values()) {
            TopicImage old = before.topics().get(topic.name());
            if (!topic.equals(old)) {
                changedTopics.add(topic.name());
            }
        }
        for (UUID id : before.topicNames().keySet()) {
            if (!after.topicNames().containsKey(id)) {
                removedTopics.add(id);
            }
        }
        Set<Integer> changedBrokers = new TreeSet<>();
        Set<Integer> removedBrokers = new TreeSet<>();
        for (BrokerImage broker : after.brokers().values()) {
            BrokerImage old = before.brokers().get(broker.id());
            if (!broker.equals(old)) {
                changedBrokers.add(broker.id());
            }
        }
        for (Integer id : before.brokers().keySet()) {
            if (!after.brokers().containsKey(id)) {
                removedBrokers.add(id);
            }
        }
        return new MetadataDelta(
                before, after, changedTopics, removedTopics, changedBrokers, removedBrokers);
    }
}
