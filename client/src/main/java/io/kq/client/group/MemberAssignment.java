package io.kq.client.group;

import io.kq.protocol.TopicPartition;
import java.util.Map;
import java.util.OptionalLong;

/**
 * All that a member may read.
 *
 * @param incarnation of the member: grows each time it has to begin anew, and then all that it had
 *     before is lost
 * @param sequence of what the coordinator said: also the same again has another one
 * @param version to be named when partitions that are not in it are released
 * @param partitions each with the offset that the group has committed, if there is one
 * @param awaitsRelease the coordinator waits for a release
 */
public record MemberAssignment(
        int incarnation,
        long sequence,
        int version,
        Map<TopicPartition, OptionalLong> partitions,
        boolean awaitsRelease) {

    /** Before the first one. */
    static final MemberAssignment NONE = new MemberAssignment(0, 0, 0, Map.of(), false);

    public MemberAssignment {
        partitions = Map.copyOf(partitions);
    }
}
