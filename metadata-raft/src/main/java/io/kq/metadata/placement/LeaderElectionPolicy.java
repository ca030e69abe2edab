package io.kq.metadata.placement;

import io.kq.metadata.image.PartitionImage;
import java.util.Optional;

/**
 * Who leads a partition when a broker comes or goes. Clean elections only: a leader is a member of
 * the ISR or an eligible leader replica (KIP-966). Empty answers: nothing changes. Pure.
 */
public final class LeaderElectionPolicy {

    private final ReplicaRules rules;

    /**
     * @param rules {@link ReplicaRules#STRICT} but in tests of the tests
     */
    public LeaderElectionPolicy(ReplicaRules rules) {
        this.rules = rules;
    }

    /**
     * The partition without {@code brokerId}, which is down: out of the ISR while that has other
     * members, leading nothing. The last member stays in the ISR, since nobody else has all that
     * was committed, and the partition has no leader until it is back.
     *
     * @param minIsr a member that leaves an ISR of at most that size stays eligible
     */
    public Optional<PartitionImage> withoutBroker(
            PartitionImage partition, int brokerId, int minIsr, BrokerStates brokers) {
        return new PartitionChange(partition)
                .leave(brokerId, minIsr)
                .elect(brokers.without(brokerId), rules)
                .ifChanged();
    }

    /** The partition without {@code brokerId} as a candidate: its restart was unclean (rule 23). */
    public Optional<PartitionImage> withoutUncleanBroker(
            PartitionImage partition, int brokerId, BrokerStates brokers) {
        PartitionChange change = new PartitionChange(partition);
        if (rules.uncleanLeaves()) {
            change.leaveUncleanly(brokerId);
        }
        return change.elect(brokers.without(brokerId), rules).ifChanged();
    }

    /**
     * The partition now that {@code brokerId} is about to stop (rule 30): led by somebody else if
     * anybody can, and not waiting for it if there are other members.
     */
    public Optional<PartitionImage> withoutLeavingBroker(
            PartitionImage partition, int brokerId, int minIsr, BrokerStates brokers) {
        return new PartitionChange(partition)
                .leave(brokerId, minIsr)
                .elect(brokers.leaving(brokerId), rules)
                .ifChanged();
    }

    /** The partition with a leader, if it has none and a candidate is up. */
    public Optional<PartitionImage> withLeader(PartitionImage partition, BrokerStates brokers) {
        return partition.hasLeader()
                ? Optional.empty()
                : new PartitionChange(partition).elect(brokers, rules).ifChanged();
    }
}
