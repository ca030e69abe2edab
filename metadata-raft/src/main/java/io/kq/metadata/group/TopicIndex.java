package io.kq.metadata.group;

import com.google.re2j.Pattern;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Topics as a coordinator sees them when it decides.
 *
 * @param byName all that exist
 */
public record TopicIndex(Map<String, Topic> byName) {

    public TopicIndex {
        byName = Map.copyOf(byName);
    }

    /** Of all topics. */
    public Set<UUID> ids() {
        return byName.values().stream().map(Topic::id).collect(Collectors.toSet());
    }

    /** A topic and how many partitions it has. */
    public record Topic(UUID id, int partitionCount) {}

    /** The topics that {@code info} subscribes to and that exist. */
    Set<UUID> subscribed(MemberInfo info) {
        Set<UUID> ids = new TreeSet<>();
        for (String name : info.subscription().topicNames()) {
            Topic topic = byName.get(name);
            if (topic != null) {
                ids.add(topic.id());
            }
        }
        String expression = info.subscription().topicPattern();
        if (!expression.isEmpty()) {
            Pattern pattern = Pattern.compile(expression);
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
