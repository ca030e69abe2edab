package io.kq.metadata.coordinator;

import io.kq.metadata.group.MemberInfo;

/**
 * Who wants to be a member of which group.
 *
 * @param known it says that it is one already: then it is refused if it is not (rule 4)
 */
public record Membership(String groupId, String memberId, boolean known, MemberInfo info) {}
