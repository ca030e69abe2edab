package io.kq.broker.partition.core.leader;

import java.util.List;

/**
 * The whole ISR as the leader wants it, for the controller to take or to refuse (rule 19).
 *
 * @param number of the proposal within the leader epoch: its answer names it
 * @param partitionEpoch what it is based on; taken only if that is still the present one
 * @param members without the leader itself: it cannot write any more
 */
public record IsrProposal(long number, int leaderEpoch, int partitionEpoch, List<Member> members) {

    public IsrProposal {
        members = List.copyOf(members);
    }

    /**
     * A member, by the incarnation that the leader heard of.
     *
     * @param brokerEpoch taken only if that is the registered one
     */
    public record Member(int replica, long brokerEpoch) {}

    /** What became of a proposal. */
    public enum Outcome {
        /** The image that shows it follows, or is there already. */
        TAKEN,
        /** Nothing happened and nothing will. */
        REFUSED,
        /** It may have been taken, or may be yet. */
        UNKNOWN
    }

    boolean contains(int replica) {
        for (int i = 0; i < members.size(); i++) {
            if (members.get(i).replica() == replica) {
                return true;
            }
        }
        return false;
    }
}
