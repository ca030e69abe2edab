package io.kq.metadata.coordinator;

import io.kq.metadata.group.GroupMember;
import io.kq.metadata.shard.CommittedOffset;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.Map;

/** What a member is told, over whatever it called by. On the coordinator's loop; never blocks. */
public interface MemberStream {

    /** Whether it can be told anything. Any thread. */
    boolean isOpen();

    /** It is a member. The first word; again after each other subscription. */
    void joined(GroupMember member);

    /**
     * What it may read and what it has to release, whole: it counts until the next one.
     *
     * @param committed where the group has come to in what it may read
     */
    void assignment(GroupMember member, Map<TopicIdPartition, CommittedOffset> committed);

    /** Answers a sign of life. */
    void alive();

    /** It is no member any more, or not by this stream, or not here. The last word. */
    void fenced(RejectedException why);
}
