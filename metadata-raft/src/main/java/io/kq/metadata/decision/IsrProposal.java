package io.kq.metadata.decision;

import java.util.List;
import java.util.UUID;

/**
 * The whole ISR of a partition as its leader wants it (rule 19).
 *
 * @param partitionEpoch what it is based on
 * @param members never empty; without the leader: it cannot write any more and asks for another one
 *     (rule 31)
 */
public record IsrProposal(
        UUID topicId, int partition, int leaderEpoch, int partitionEpoch, List<Member> members) {

    public IsrProposal {
        members = List.copyOf(members);
    }

    /** A replica, by the incarnation that the leader heard of. */
    public record Member(int brokerId, long brokerEpoch) {}
}
