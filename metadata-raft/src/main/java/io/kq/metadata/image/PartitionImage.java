package io.kq.metadata.image;

import io.kq.metadata.record.PartitionState;
import java.util.List;
import java.util.Optional;

/**
 * One partition.
 *
 * @param replicas brokers that store it, the first is the preferred leader
 * @param isr in-sync replicas, a subset of {@code replicas}, never empty
 * @param elr eligible leader replicas (KIP-966), disjoint from {@code isr}
 * @param leader {@link #NO_LEADER} or a member of {@code isr}
 * @param leaderEpoch grows by one each time the leader changes or a replica goes
 * @param partitionEpoch grows by one with every change: what a compare-and-set is made on
 * @param adding replicas that a reassignment brings in
 * @param removing replicas that leave once the ones that stay are all in sync
 * @param unclean replicas that restarted uncleanly and were not in the ISR since: none of them
 *     leads, unless all that could lead are among them
 * @param uncleanElectionEpoch leader epoch of the last election that may have lost committed
 *     records, 0: never
 */
public record PartitionImage(
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        List<Integer> adding,
        List<Integer> removing,
        List<Integer> unclean,
        int uncleanElectionEpoch) {

    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
        adding = List.copyOf(adding);
        removing = List.copyOf(removing);
        unclean = List.copyOf(unclean);
    }

    /** A partition at rest: no reassignment, nothing unclean in its past. */
    public PartitionImage(
            List<Integer> replicas,
            List<Integer> isr,
            List<Integer> elr,
            int leader,
            int leaderEpoch,
            int partitionEpoch) {
        this(
                replicas,
                isr,
                elr,
                leader,
                leaderEpoch,
                partitionEpoch,
                List.of(),
                List.of(),
                List.of(),
                0);
    }

    /** What the record says. */
    public static PartitionImage of(PartitionState state) {
        return new PartitionImage(
                state.replicas(),
                state.isr(),
                state.elr(),
                state.leader(),
                state.leaderEpoch(),
                state.partitionEpoch(),
                state.adding(),
                state.removing(),
                state.unclean(),
                state.uncleanElectionEpoch());
    }

    /** As it stands in a record. */
    public PartitionState toState() {
        return new PartitionState(
                replicas,
                isr,
                elr,
                leader,
                leaderEpoch,
                partitionEpoch,
                adding,
                removing,
                unclean,
                uncleanElectionEpoch);
    }

    public boolean hasLeader() {
        return leader != NO_LEADER;
    }

    /** The broker that leads when all is well. */
    public int preferredLeader() {
        return replicas.get(0);
    }

    /** Whether replicas are on their way in or out. */
    public boolean isReassigning() {
        return !adding.isEmpty() || !removing.isEmpty();
    }

    /**
     * Whether a replica should be in sync and is not; one that is only being added is not missing.
     */
    public boolean misses(int replica) {
        return !isr.contains(replica) && !adding.contains(replica);
    }

    /** Whether one of its replicas is missing in the ISR. */
    public boolean isUnderReplicated() {
        return replicas.stream().anyMatch(this::misses);
    }

    /** The replicas without those of a reassignment under way. */
    public List<Integer> originalReplicas() {
        return replicas.stream().filter(id -> !adding.contains(id)).toList();
    }

    /** The replicas when the reassignment under way is done. */
    public List<Integer> targetReplicas() {
        return replicas.stream().filter(id -> !removing.contains(id)).toList();
    }

    /** Says what is wrong with this state by invariants M2 and M3, or empty if nothing is. */
    public Optional<String> problem() {
        if (replicas.isEmpty() || hasRepeated(replicas)) {
            return Optional.of("replicas are empty or repeated: " + replicas);
        }
        for (List<Integer> members : List.of(isr, elr, adding, removing, unclean)) {
            if (hasRepeated(members) || !replicas.containsAll(members)) {
                return Optional.of("members repeated or not of " + replicas + ": " + this);
            }
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
        if (adding.stream().anyMatch(removing::contains)) {
            return Optional.of("not disjoint: adding=" + adding + " removing=" + removing);
        }
        return uncleanProblem();
    }

    private Optional<String> uncleanProblem() {
        if (elr.stream().anyMatch(unclean::contains)) {
            return Optional.of("eligible although unclean: elr=" + elr + " unclean=" + unclean);
        }
        boolean last = isr.size() == 1 && !hasLeader();
        if (!last && isr.stream().anyMatch(unclean::contains)) {
            return Optional.of("in sync although unclean: isr=" + isr + " unclean=" + unclean);
        }
        if (uncleanElectionEpoch > leaderEpoch) {
            return Optional.of("unclean election in a later epoch than " + leaderEpoch);
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
