package io.kq.metadata.placement;

import io.kq.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * Who leads a partition when a broker comes or goes. Clean elections only: a leader is a member of
 * the ISR or an eligible leader replica (KIP-966). Pure.
 */
public final class LeaderElectionPolicy {

    private LeaderElectionPolicy() {}

    /**
     * The partition without {@code brokerId}, which is down: out of the ISR while that has other
     * members, leading nothing. The last member stays in the ISR, since nobody else has all that
     * was committed, and the partition has no leader until it is back. Empty: nothing changes.
     *
     * @param minIsr a member that leaves an ISR of at most that size stays eligible
     * @param isUp of brokers other than {@code brokerId}
     */
    public static Optional<PartitionImage> withoutBroker(
            PartitionImage partition, int brokerId, int minIsr, IntPredicate isUp) {
        List<Integer> isr = partition.isr();
        List<Integer> elr = partition.elr();
        if (isr.contains(brokerId) && isr.size() > 1) {
            isr = without(isr, brokerId);
            if (isr.size() < minIsr) {
                elr = with(elr, brokerId);
            }
        }
        return changed(
                elect(partition, isr, elr, id -> id != brokerId && isUp.test(id)), partition);
    }

    /**
     * The partition without {@code brokerId} as a candidate: its last stop may have lost data
     * (invariant R15). As the last member it stays, since nobody else has more. Empty: nothing
     * changes.
     */
    public static Optional<PartitionImage> withoutUncleanBroker(
            PartitionImage partition, int brokerId, IntPredicate isUp) {
        List<Integer> isr = partition.isr();
        if (isr.contains(brokerId) && isr.size() > 1) {
            isr = without(isr, brokerId);
        }
        List<Integer> elr = without(partition.elr(), brokerId);
        return changed(
                elect(partition, isr, elr, id -> id != brokerId && isUp.test(id)), partition);
    }

    /**
     * The partition now that {@code isUp} has changed: a leader if it has none and a candidate is
     * up. Empty: nothing changes.
     */
    public static Optional<PartitionImage> withLeader(PartitionImage partition, IntPredicate isUp) {
        return changed(elect(partition, partition.isr(), partition.elr(), isUp), partition);
    }

    private static PartitionImage elect(
            PartitionImage partition, List<Integer> isr, List<Integer> elr, IntPredicate isUp) {
        int leader = partition.leader();
        if (leader != PartitionImage.NO_LEADER && isr.contains(leader) && isUp.test(leader)) {
            return partition.next(isr, elr, leader);
        }
        for (int id : partition.replicas()) {
            if (isr.contains(id) && isUp.test(id)) {
                return partition.next(isr, elr, id);
            }
        }
        for (int id : partition.replicas()) {
            if (elr.contains(id) && isUp.test(id)) {
                // Members of the old ISR have as much as the new leader: they stay eligible.
                List<Integer> eligible = without(elr, id);
                for (int old : isr) {
                    eligible = with(eligible, old);
                }
                return partition.next(List.of(id), eligible, id);
            }
        }
        return partition.next(isr, elr, PartitionImage.NO_LEADER);
    }

    private static Optional<PartitionImage> changed(PartitionImage next, PartitionImage old) {
        boolean same =
                next.leader() == old.leader()
                        && next.isr().equals(old.isr())
                        && next.elr().equals(old.elr());
        return same ? Optional.empty() : Optional.of(next);
    }

    private static List<Integer> without(List<Integer> members, int brokerId) {
        return members.stream().filter(id -> id != brokerId).toList();
    }

    private static List<Integer> with(List<Integer> members, int brokerId) {
        if (members.contains(brokerId)) {
            return members;
        }
        List<Integer> more = new ArrayList<>(members);
        more.add(brokerId);
        return more;
    }
}
