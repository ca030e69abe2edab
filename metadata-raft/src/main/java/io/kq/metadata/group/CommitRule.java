package io.kq.metadata.group;

import io.kq.protocol.TopicIdPartition;

/** Whether a member may commit an offset of a partition (rules 4 and 11; KIP-1251). */
@FunctionalInterface
public interface CommitRule {

    /** Why not, or that it may. */
    Verdict judge(ConsumerGroup group, String memberId, int epoch, TopicIdPartition partition);

    /** What a commit comes to. */
    enum Verdict {
        TAKEN,
        /** No such member: it left, was removed, or was replaced. */
        UNKNOWN_MEMBER,
        /** Said in an epoch of before it got the partition, or that has not begun. */
        OTHER_EPOCH,
        /** The partition is not its own. */
        NOT_OWNED
    }

    /**
     * The partition has been this member's without a break since before it said so: then nobody
     * else can have read it meanwhile.
     */
    CommitRule STRICT =
            (group, memberId, epoch, partition) -> {
                GroupMember member = group.members().get(memberId);
                if (member == null) {
                    return Verdict.UNKNOWN_MEMBER;
                }
                Integer since = member.owned().get(partition);
                if (since == null) {
                    return Verdict.NOT_OWNED;
                }
                return since <= epoch && epoch <= member.epoch()
                        ? Verdict.TAKEN
                        : Verdict.OTHER_EPOCH;
            };
}
