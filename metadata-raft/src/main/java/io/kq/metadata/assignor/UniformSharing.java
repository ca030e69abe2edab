package io.kq.metadata.assignor;

import io.kq.metadata.assignor.GroupSpec.MemberSpec;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One run of {@link UniformAssignor}: shares that change until they are even. Members are known by
 * their place in the order of their ids. Single thread, single use.
 */
final class UniformSharing {

    private static final int NOBODY = -1;

    private final GroupSpec group;
    private final List<String> ids;
    private final List<MemberSpec> members;

    /** By member. Only topics that exist. */
    private final List<Set<UUID>> topics = new ArrayList<>();

    /** By member, what it has now; the ones it had before first. */
    private final List<LinkedHashSet<TopicIdPartition>> shares = new ArrayList<>();

    /** By topic, who subscribes to it. */
    private final Map<UUID, List<Integer>> subscribers = new HashMap<>();

    /** By member and topic, how many partitions of it the member has. */
    private final List<Map<UUID, Integer>> counts = new ArrayList<>();

    UniformSharing(GroupSpec group) {
        this.group = group;
        this.ids = List.copyOf(group.members().keySet());
        this.members = List.copyOf(group.members().values());
        for (int i = 0; i < members.size(); i++) {
            Set<UUID> existing = new HashSet<>(members.get(i).topics());
            existing.retainAll(group.partitionCounts().keySet());
            topics.add(existing);
            shares.add(new LinkedHashSet<>());
            counts.add(new HashMap<>());
        }
        for (UUID topic : group.topics()) {
            List<Integer> who = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                if (topics.get(i).contains(topic)) {
                    who.add(i);
                }
            }
            subscribers.put(topic, who);
        }
    }

    Shares shares() {
        Map<String, Set<TopicIdPartition>> result = new TreeMap<>();
        for (int i = 0; i < ids.size(); i++) {
            result.put(ids.get(i), shares.get(i));
        }
        return new Shares(result);
    }

    private int size(int member) {
        return shares.get(member).size();
    }

    private void give(int member, TopicIdPartition partition) {
        shares.get(member).add(partition);
        counts.get(member).merge(partition.topicId(), 1, Integer::sum);
    }

    private void take(int member, TopicIdPartition partition) {
        shares.get(member).remove(partition);
        counts.get(member).merge(partition.topicId(), -1, Integer::sum);
    }

    /** A partition that two had, which no right assignment gives, stays with the first. */
    void keepWhatMayStay() {
        Set<TopicIdPartition> kept = new HashSet<>();
        for (int i = 0; i < members.size(); i++) {
            List<TopicIdPartition> had = new ArrayList<>(members.get(i).share());
            had.sort(ORDER);
            for (TopicIdPartition partition : had) {
                if (topics.get(i).contains(partition.topicId())
                        && partition.partition() < count(partition.topicId())
                        && kept.add(partition)) {
                    give(i, partition);
                }
            }
        }
    }

    private static final Comparator<TopicIdPartition> ORDER =
            Comparator.comparing(TopicIdPartition::topicId)
                    .thenComparing(TopicIdPartition::partition);

    private int count(UUID topic) {
        return group.partitionCounts().getOrDefault(topic, 0);
    }

    /** Those that few can have first; each to who has least of all that can have it. */
    void giveOutTheRest() {
        Set<TopicIdPartition> given = new HashSet<>();
        shares.forEach(given::addAll);
        List<UUID> order = new ArrayList<>(subscribers.keySet());
        order.sort(
                Comparator.comparing((UUID topic) -> subscribed(topic).size())
                        .thenComparing(Comparator.naturalOrder()));
        for (UUID topic : order) {
            for (TopicIdPartition partition : group.partitions(topic)) {
                if (!given.contains(partition)) {
                    give(least(subscribed(topic)), partition);
                }
            }
        }
    }

    private List<Integer> subscribed(UUID topic) {
        return subscribers.getOrDefault(topic, List.of());
    }

    private int least(List<Integer> candidates) {
        int least = candidates.get(0);
        for (int candidate : candidates) {
            if (size(candidate) < size(least)) {
                least = candidate;
            }
        }
        return least;
    }

    /**
     * Always the largest share that can be made smaller: each partition that moves then goes to who
     * keeps it. Each step makes the sum of the squares of the sizes smaller, so it ends.
     */
    void even() {
        boolean moved = true;
        while (moved) {
            moved = bySizeDescending().stream().anyMatch(this::lighten);
        }
    }

    private List<Integer> bySizeDescending() {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            all.add(i);
        }
        all.sort(Comparator.comparing((Integer i) -> -size(i)).thenComparing(i -> i));
        return all;
    }

    /**
     * Finds who has at least two less and can be reached over members that can take a partition of
     * the one before, and moves one along that way.
     */
    private boolean lighten(int from) {
        int[] before = new int[ids.size()];
        Arrays.fill(before, NOBODY);
        UUID[] topicBefore = new UUID[ids.size()];
        before[from] = from;
        Queue<Integer> reached = new ArrayDeque<>(List.of(from));
        Set<UUID> seen = new HashSet<>();
        int best = NOBODY;
        while (!reached.isEmpty()) {
            int member = reached.remove();
            for (UUID topic : topicsOf(member)) {
                if (!seen.add(topic)) {
                    continue;
                }
                for (int next : subscribed(topic)) {
                    if (before[next] == NOBODY) {
                        before[next] = member;
                        topicBefore[next] = topic;
                        reached.add(next);
                        if (size(next) + 2 <= size(from)
                                && (best == NOBODY || size(next) < size(best))) {
                            best = next;
                        }
                    }
                }
            }
        }
        if (best == NOBODY) {
            return false;
        }
        for (int to = best; to != from; to = before[to]) {
            move(before[to], to, topicBefore[to]);
        }
        return true;
    }

    /** Topics of which the member has partitions, in order. */
    private List<UUID> topicsOf(int member) {
        List<UUID> having = new ArrayList<>();
        counts.get(member)
                .forEach(
                        (topic, count) -> {
                            if (count > 0) {
                                having.add(topic);
                            }
                        });
        having.sort(Comparator.naturalOrder());
        return having;
    }

    /** What it got last goes first: what it had before stays if it can. */
    private void move(int from, int to, UUID topic) {
        TopicIdPartition moved = null;
        for (TopicIdPartition partition : shares.get(from)) {
            if (partition.topicId().equals(topic)) {
                moved = partition;
            }
        }
        if (moved == null) {
            throw new IllegalStateException("nothing of " + topic + " to move");
        }
        take(from, moved);
        give(to, moved);
    }
}
