package io.kq.metadata.image;

import io.kq.metadata.record.PartitionState;
import java.util.List;
import java.util.Optional;

/**
 * One partition.
 *
 * @param replicas brokers that store it, the first is the preferred leader
 * @param isr in-sync replicas, a subset of {@code replicas}
 * @param elr eligible leader replicas (KIP-966), disjoint from {@code isr}
 * @param leader {@link #NO_LEADER} or a member of {@code isr}
 * @param leaderEpoch grows by one each time the leader changes
 * @param partitionEpoch grows by one with every change: what a compare-and-set is made on
 */
public record PartitionImage(
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        int leader,
        int leaderEpoch,
        int partitionEpoch) {

    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
    }

    /** What the record says. */
    public static PartitionImage of(PartitionState state) {
        return new PartitionImage(
                state.replicas(),
                state.isr(),
                state.elr(),
                state.leader(),
                state.leaderEpoch(),
                state.partitionEpoch());
    }

    /** As it stands in a record. */
    public PartitionState toState() {
        return new PartitionState(replicas, isr, elr, leader, leaderEpoch, partitionEpoch);
    }

    public boolean hasLeader() {
        return leader != NO_LEADER;
    }

    /**
     * The next state with these members and leader, its epochs raised as the rules say: the
     * partition epoch always, the leader epoch when the leader changes.
     */
    public PartitionImage next(List<Integer> nextIsr, List<Integer> nextElr, int nextLeader) {
        return new PartitionImage(
                replicas,
                nextIsr,
                nextElr,
                nextLeader,
                nextLeader == leader ? leaderEpoch : leaderEpoch + 1,
                partitionEpoch + 1);
    }

    /** Says what is wrong with this state by invariants M2 and M3, or empty if nothing is. */
    public Optional<String> problem() {
        if (replicas.isEmpty() || hasRepeated(replicas)) {
            return Optional.of("replicas are empty or repeated: " + replicas);
        }
        if (hasRepeated(isr) || hasRepeated(elr)) {
            return Optional.of("repeated members: isr=" + isr + " elr=" + elr);
        }
        if (!replicas.containsAll(isr) || !replicas.containsAll(elr)) {
            return Optional.of("not of " + replicas + ": isr=" + isr + " elr=" + elr);
        }
        if (elr.stream().anyMatch(isr::contains)) {
            return Optional.of("not disjoint: isr=" + isr + " elr=" + elr);
        }
        if (isr.isEmpty()) {
            return Optional.of("the ISR is empty: its last member stays");
        }
        if (hasLeader() && !isr.contains(leader)) {
            return Optional.of("leader " + leader + " is not in isr=" + isr);
        }
        return Optional.empty();
    }

    /** The lists are as short as a replication factor. */
    private static boolean hasRepeated(List<Integer> members) {
        for (int i = 1; i < members.size(); i++) {
            if (members.subList(0, i).contains(members.get(i))) {
                return true;
            }
        }
        return false;
    }
}
