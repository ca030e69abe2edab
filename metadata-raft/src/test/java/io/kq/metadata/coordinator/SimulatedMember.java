package io.kq.metadata.coordinator;

import io.kq.metadata.coordinator.GroupDecisions.Commit;
import io.kq.metadata.group.GroupMember;
import io.kq.metadata.group.MemberInfo;
import io.kq.metadata.group.SampleMembers;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A member of group {@code g} over a stream that works, until it is broken. */
final class SimulatedMember implements MemberStream {

    private final SimulatedShard shard;
    final String id;
    private final Membership membership;
    int joinedTimes;
    int assignments;
    int answers;
    boolean open = true;
    @Nullable GroupMember told;
    Map<Integer, Long> committed = new TreeMap<>();
    @Nullable ErrorCode fencedWith;

    private SimulatedMember(SimulatedShard shard, String id, boolean known, MemberInfo info) {
        this.shard = shard;
        this.id = id;
        this.membership = new Membership("g", id, known, info);
    }

    static SimulatedMember join(SimulatedShard shard, String id) {
        return joined(new SimulatedMember(shard, id, false, SampleMembers.of("", Set.of("a"))));
    }

    /** A static one. */
    static SimulatedMember join(SimulatedShard shard, String id, String instance) {
        return joined(
                new SimulatedMember(shard, id, false, SampleMembers.of(instance, Set.of("a"))));
    }

    /** The same member by another stream. */
    SimulatedMember again() {
        return joined(new SimulatedMember(shard, id, true, membership.info()));
    }

    private static SimulatedMember joined(SimulatedMember member) {
        member.shard.coordinator.join(member.membership, member);
        member.shard.loop.runDue();
        return member;
    }

    void breaks() {
        open = false;
        shard.coordinator.broken(this);
        shard.loop.runDue();
    }

    void leaves() {
        shard.coordinator.leave(membership, this);
        shard.loop.runDue();
    }

    void beats() {
        shard.coordinator.beaten(this);
        shard.loop.runDue();
    }

    void releases() {
        var unused = shard.coordinator.submit(shard.decisions.released("g", id, state().version()));
        shard.loop.runDue();
    }

    Map<TopicIdPartition, Optional<RejectedException>> commits(int partition, long offset) {
        CompletableFuture<Map<TopicIdPartition, Optional<RejectedException>>> outcome =
                shard.coordinator.submit(
                        shard.decisions.commit(
                                "g",
                                id,
                                state().epoch(),
                                Map.of(
                                        new TopicIdPartition(SimulatedShard.A, partition),
                                        new Commit(offset, -1, ""))));
        shard.loop.runDue();
        return outcome.join();
    }

    GroupMember state() {
        GroupMember known = told;
        if (known == null) {
            throw new AssertionError(id + " was told nothing");
        }
        return known;
    }

    /** How many partitions it may read. */
    int share() {
        return state().assigned().size();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void joined(GroupMember member) {
        joinedTimes++;
    }

    @Override
    public void assignment(GroupMember member, Map<TopicIdPartition, CommittedOffset> offsets) {
        told = member;
        assignments++;
        committed = new HashMap<>();
        offsets.forEach((partition, at) -> committed.put(partition.partition(), at.offset()));
    }

    @Override
    public void alive() {
        answers++;
    }

    @Override
    public void fenced(RejectedException why) {
        fencedWith = why.code();
    }
}
