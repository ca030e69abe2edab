package io.kq.metadata.group;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Topics as a coordinator sees them when it decides.
 *
 * @param byName all that exist
 */
public record TopicIndex(Map<String, Topic> byName) {

    public TopicIndex {
        byName = Map.copyOf(byName);
    }

    /** A topic and how many partitions it has. */
    public record Topic(UUID id, int partitionCount) {}

    /** The topics that {@code info} subscribes to and that exist. */
    Set<UUID> subscribed(MemberInfo info) {
        Set<UUID> ids = new TreeSet<>();
        for (String name : info.topicNames()) {
            Topic topic = byName.get(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        if (!info.topicPattern().isEmpty()) {
            Pattern pattern = Pattern.compile(info.topicPattern());
            byName.forEach(
                    (name, topic) -> {
                        if (pattern.matcher(name).matches()) {
                            ids.add(topic.id());
                        }
                    });
        }
        return ids;
    }

    /** Partition counts of those of {@code ids} that exist. */
    Map<UUID, Integer> partitionCounts(Collection<UUID> ids) {
        Map<UUID, Integer> counts = new TreeMap<>();
        byName.values().stream()
                .filter(topic -> ids.contains(topic.id()))
                .forEach(topic -> counts.put(topic.id(), topic.partitionCount()));
        return counts;
    }
}
