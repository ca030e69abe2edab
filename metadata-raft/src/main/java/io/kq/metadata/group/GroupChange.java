package io.kq.metadata.group;

import io.kq.metadata.assignor.Assignor;
import io.kq.metadata.assignor.Assignors;
import io.kq.metadata.assignor.GroupSpec;
import io.kq.metadata.assignor.GroupSpec.MemberSpec;
import io.kq.metadata.assignor.Shares;
import io.kq.protocol.TopicIdPartition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Several things that happen to a group, and the group after them. The target is made once for all
 * of them, so that many members that join at the same time cost one assignment. Single thread,
 * single use.
 */
public final class GroupChange {

    private final ConsumerGroup before;
    private final SortedMap<String, GroupMember> members;
    private Shares target;
    private final List<String> reasons = new ArrayList<>();

    public GroupChange(ConsumerGroup before) {
        this.before = before;
        this.members = new TreeMap<>(before.members());
        this.target = before.target();
    }

    /**
     * A member joins, or says something else of itself than before. Who has the {@code
     * group.instance.id} of another one takes that one's place, share and partitions: that one is
     * no member any more (rule 5).
     */
    public GroupChange join(String memberId, MemberInfo info) {
        GroupMember known = members.get(memberId);
        GroupMember replaced = known == null ? instance(info.instanceId()) : null;
        if (known != null) {
            anewIf(!known.info().wantsTheSameAs(info), memberId + " subscribed otherwise");
            members.put(memberId, known.with(info));
        } else if (replaced != null) {
            members.remove(replaced.id());
            anewIf(
                    !replaced.info().wantsTheSameAs(info),
                    memberId + " took the place of " + replaced.id());
            members.put(memberId, replaced.replacedBy(memberId, info, before.epoch()));
            inherit(replaced.id(), memberId);
        } else {
            anewIf(true, memberId + " joined");
            members.put(memberId, GroupMember.joining(memberId, info));
        }
        return this;
    }

    /** The group before all this. */
    public ConsumerGroup before() {
        return before;
    }

    /** Whether it is a member by now. */
    public boolean has(String memberId) {
        return members.containsKey(memberId);
    }

    private void anewIf(boolean different, String reason) {
        if (different) {
            reasons.add(reason);
        }
    }

    /** The first one, and how many more there are. */
    private String reason() {
        return reasons.get(0)
                + (reasons.size() > 1 ? " (and " + (reasons.size() - 1) + " more)" : "");
    }

    private @Nullable GroupMember instance(String instanceId) {
        for (GroupMember member : members.values()) {
            if (!instanceId.isEmpty() && member.info().instanceId().equals(instanceId)) {
                return member;
            }
        }
        return null;
    }

    private void inherit(String from, String to) {
        Map<String, Set<TopicIdPartition>> shares = new HashMap<>(target.byMember());
        Set<TopicIdPartition> share = shares.remove(from);
        shares.put(to, share == null ? Set.of() : share);
        target = new Shares(shares);
    }

    /**
     * A member has left, or is taken for dead: what it owned is free at once (rule 2).
     *
     * @param how for people, such as "left"
     */
    public GroupChange leave(String memberId, String how) {
        anewIf(members.remove(memberId) != null, memberId + " " + how);
        return this;
    }

    /**
     * A member has done what it was told in {@code version}: it reads nothing any more of what it
     * had to release. A word about an older version says nothing of the present one (rule 6).
     */
    public GroupChange released(String memberId, int version) {
        GroupMember member = members.get(memberId);
        if (member != null && member.version() == version) {
            members.put(memberId, member.with(member.epoch(), member.assigned(), Map.of()));
        }
        return this;
    }

    /** The group afterwards; the same one if nothing has happened. */
    public ConsumerGroup done(TopicIndex topics, HandOver handOver) {
        SortedMap<String, MemberSpec> specs = new TreeMap<>();
        Set<UUID> wanted = new TreeSet<>();
        for (GroupMember member : members.values()) {
            Set<UUID> subscribed = topics.subscribed(member.info());
            wanted.addAll(subscribed);
            specs.put(
                    member.id(),
                    new MemberSpec(member.info().instanceId(), subscribed, target.of(member.id())));
        }
        Map<UUID, Integer> counts = topics.partitionCounts(wanted);
        anewIf(
                reasons.isEmpty() && !counts.equals(before.partitionCounts()),
                "its topics are other ones, or have more partitions");
        ConsumerGroup next = group(before.epoch(), before.reason(), counts);
        if (!reasons.isEmpty()) {
            next = group(before.epoch() + 1, reason(), counts);
            Assignor assignor = Assignors.of(next.assignor()).orElseThrow();
            target = assignor.assign(new GroupSpec(specs, counts));
            next = group(next.epoch(), next.reason(), counts);
        }
        SortedMap<String, GroupMember> moved = new TreeMap<>(members);
        handOver.proceed(next, moved);
        return new ConsumerGroup(
                next.id(),
                next.epoch(),
                next.reason(),
                next.partitionCounts(),
                moved,
                next.target());
    }

    private ConsumerGroup group(int epoch, String reason, Map<UUID, Integer> counts) {
        return new ConsumerGroup(before.id(), epoch, reason, counts, members, target);
    }
}
