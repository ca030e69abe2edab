package io.kq.metadata.coordinator;

import io.kq.metadata.group.ConsumerGroup;
import io.kq.metadata.group.GroupMember;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;

/** What a coordinator answers when it does not do what it was asked to. */
final class CoordinatorRefusals {

    private CoordinatorRefusals() {}

    static RejectedException notCoordinator(int shard) {
        return new RejectedException(
                ErrorCode.NOT_COORDINATOR,
                "this node does not coordinate the groups of shard " + shard);
    }

    static RejectedException unknownMember(String groupId, String memberId) {
        return new RejectedException(
                ErrorCode.UNKNOWN_MEMBER,
                "group '" + groupId + "' has no member '" + memberId + "'");
    }

    static RejectedException groupNotFound(String groupId) {
        return new RejectedException(
                ErrorCode.GROUP_NOT_FOUND, "Consumer group '" + groupId + "' does not exist.");
    }

    /**
     * Why {@code memberId} is none of {@code group}: it was removed, or another process took its
     * place (rule 5), which it had better not take back.
     */
    static RejectedException gone(ConsumerGroup group, String memberId, String instanceId) {
        for (GroupMember other : group.members().values()) {
            if (!instanceId.isEmpty() && other.info().instanceId().equals(instanceId)) {
                return new RejectedException(
                        ErrorCode.FENCED_MEMBER_EPOCH,
                        "another process has joined as '"
                                + instanceId
                                + "' and took the place of member '"
                                + memberId
                                + "'");
            }
        }
        return unknownMember(group.id(), memberId);
    }

    /** The same member came by another stream. */
    static RejectedException replaced(String memberId) {
        return new RejectedException(
                ErrorCode.FENCED_MEMBER_EPOCH,
                "member '" + memberId + "' goes on by another stream");
    }
}
