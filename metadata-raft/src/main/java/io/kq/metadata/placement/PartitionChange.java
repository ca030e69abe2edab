package io.kq.metadata.placement;

import static io.kq.metadata.image.PartitionImage.NO_LEADER;

import io.kq.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A partition's next state in the making: who is a member of what first, then who leads. One
 * thread, used once.
 */
public final class PartitionChange {

    private final PartitionImage before;
    private List<Integer> replicas;
    private List<Integer> isr;
    private List<Integer> elr;
    private List<Integer> adding;
    private List<Integer> removing;
    private List<Integer> unclean;
    private int leader;

    /** Whether the leader was elected although it may lack committed records. */
    private boolean mayLose;

    public PartitionChange(PartitionImage before) {
        this.before = before;
        this.replicas = before.replicas();
        this.isr = before.isr();
        this.elr = before.elr();
        this.adding = before.adding();
        this.removing = before.removing();
        this.unclean = before.unclean();
        this.leader = before.leader();
    }

    /**
     * Another ISR (rule 21). Who leaves one that falls below {@code minIsr} stays eligible: nothing
     * can be committed without it from then on. With {@code minIsr} members nobody outside has all
     * that may be committed.
     */
    public PartitionChange isr(List<Integer> next, int minIsr) {
        List<Integer> eligible = new ArrayList<>();
        if (next.size() < minIsr) {
            eligible.addAll(elr);
            isr.stream().filter(id -> !eligible.contains(id)).forEach(eligible::add);
            eligible.removeAll(next);
            eligible.removeAll(unclean);
        }
        elr = eligible;
        unclean = without(unclean, next);
        isr = next;
        return this;
    }

    /** {@code brokerId} goes: out of an ISR that has other members. */
    public PartitionChange leave(int brokerId, int minIsr) {
        return isr.contains(brokerId) && isr.size() > 1
                ? isr(without(isr, List.of(brokerId)), minIsr)
                : this;
    }

    /**
     * Other replicas (rule 32): those that are not there yet join, and those that shall not stay go
     * when all that stay are in sync. What an earlier reassignment had begun to add, and this one
     * does not want, goes at once.
     */
    public PartitionChange reassign(List<Integer> target, int minIsr) {
        List<Integer> original = before.originalReplicas();
        adding = without(target, original);
        removing = without(original, target);
        List<Integer> all = new ArrayList<>(target);
        all.addAll(removing);
        return keep(all, minIsr);
    }

    /** Back to the replicas from before the reassignment (rule 32). */
    public PartitionChange cancelReassignment(int minIsr) {
        List<Integer> original = before.originalReplicas();
        adding = List.of();
        removing = List.of();
        return keep(original, minIsr);
    }

    /** Whether nobody is left who has what was committed: such a change must not be made. */
    public boolean leavesNobody() {
        return isr.isEmpty();
    }

    private PartitionChange keep(List<Integer> kept, int minIsr) {
        replicas = kept;
        isr = intersection(isr, kept);
        elr = isr.size() < minIsr ? intersection(elr, kept) : List.of();
        unclean = intersection(unclean, kept);
        return this;
    }

    /** If all replicas that stay are in sync, those that go are gone (rule 32). */
    public PartitionChange finishReassignment(int minIsr) {
        List<Integer> target = without(replicas, removing);
        boolean reassigning = !adding.isEmpty() || !removing.isEmpty();
        if (reassigning && isr.containsAll(target)) {
            adding = List.of();
            removing = List.of();
            return keep(target, minIsr);
        }
        return this;
    }

    /**
     * {@code brokerId} may have lost what it had (rule 23): no candidate until it has been in the
     * ISR again. As the last member it stays there, since nobody else has more. A single replica
     * has nobody to ask for what it lost: it goes on with what it has.
     */
    public PartitionChange leaveUncleanly(int brokerId) {
        boolean member = isr.contains(brokerId) || elr.contains(brokerId);
        if (!member || replicas.size() == 1) {
            return this;
        }
        if (isr.size() > 1) {
            isr = without(isr, List.of(brokerId));
        }
        elr = without(elr, List.of(brokerId));
        if (!unclean.contains(brokerId)) {
            unclean = with(unclean, brokerId);
        }
        if (leader == brokerId) {
            leader = NO_LEADER;
        }
        return this;
    }

    /**
     * Elects if the present leader may not go on (rule 22): the replicas in their order, from the
     * ISR, else from the ELR; who is about to stop only if there is nobody else.
     */
    public PartitionChange elect(BrokerStates brokers, ReplicaRules rules) {
        boolean leads = leader != NO_LEADER && isr.contains(leader);
        if (leads && brokers.isActive(leader)) {
            return this;
        }
        int chosen = first(id -> isCandidate(id) && brokers.isActive(id));
        if (chosen == NO_LEADER && leads && brokers.isUp(leader)) {
            return this;
        }
        if (chosen == NO_LEADER) {
            chosen = first(id -> isCandidate(id) && brokers.isUp(id));
        }
        if (chosen == NO_LEADER && !rules.leadersFromIsrAndElr()) {
            chosen = first(brokers::isActive);
        }
        lead(chosen);
        return this;
    }

    /** The preferred leader leads if it is an active member of the ISR, else who leads now. */
    public PartitionChange electPreferred(BrokerStates brokers) {
        int preferred = replicas.get(0);
        if (leader != NO_LEADER && isInSync(preferred) && brokers.isActive(preferred)) {
            leader = preferred;
        }
        return this;
    }

    /**
     * {@code brokerId} leads although it may lack committed records (rules 24, 25). Nobody else has
     * what it does not have, as far as the partition goes from now on.
     */
    public PartitionChange electUncleanly(int brokerId) {
        isr = List.of(brokerId);
        elr = List.of();
        unclean = without(unclean, isr);
        leader = brokerId;
        mayLose = true;
        return this;
    }

    /** The ISR that enough are members of needs nobody else to be eligible (rule 21). */
    public PartitionChange forgetEligible(int minIsr) {
        if (isr.size() >= minIsr) {
            elr = List.of();
        }
        return this;
    }

    /** What came of it, or empty if nothing is different. */
    public Optional<PartitionImage> ifChanged() {
        PartitionImage next = build();
        boolean same =
                next.leader() == before.leader()
                        && next.replicas().equals(before.replicas())
                        && next.isr().equals(before.isr())
                        && next.elr().equals(before.elr())
                        && next.adding().equals(before.adding())
                        && next.removing().equals(before.removing())
                        && next.unclean().equals(before.unclean());
        return same ? Optional.empty() : Optional.of(next);
    }

    /**
     * What came of it, its epochs raised: the partition's always, the leader's with the leader, and
     * when a replica goes. Who has not heard that it is none will throw its log away when it does;
     * until then it is refused as of an older epoch, even if it was made a replica again (rule 34).
     */
    public PartitionImage build() {
        boolean sameEpoch = leader == before.leader() && replicas.containsAll(before.replicas());
        int leaderEpoch = sameEpoch ? before.leaderEpoch() : before.leaderEpoch() + 1;
        return new PartitionImage(
                replicas,
                isr,
                elr,
                leader,
                leaderEpoch,
                before.partitionEpoch() + 1,
                adding,
                removing,
                unclean,
                mayLose ? leaderEpoch : before.uncleanElectionEpoch());
    }

    private void lead(int chosen) {
        if (chosen != NO_LEADER && !isInSync(chosen)) {
            // Members of the old ISR have as much as the new leader: they stay eligible.
            List<Integer> eligible = new ArrayList<>(elr);
            isr.stream().filter(id -> !unclean.contains(id)).forEach(eligible::add);
            isr = List.of(chosen);
            elr = without(eligible, isr);
            unclean = without(unclean, isr);
        }
        leader = chosen;
    }

    /** In the order of the replicas, but the whole ISR before the ELR. */
    private int first(IntPredicate fits) {
        for (int id : replicas) {
            if (isr.contains(id) && fits.test(id)) {
                return id;
            }
        }
        for (int id : replicas) {
            if (!isr.contains(id) && fits.test(id)) {
                return id;
            }
        }
        return NO_LEADER;
    }

    private boolean isCandidate(int id) {
        return isInSync(id) || elr.contains(id);
    }

    private boolean isInSync(int id) {
        return isr.contains(id) && !unclean.contains(id);
    }

    private static List<Integer> without(List<Integer> members, List<Integer> gone) {
        return members.stream().filter(id -> !gone.contains(id)).toList();
    }

    private static List<Integer> intersection(List<Integer> members, List<Integer> kept) {
        return members.stream().filter(kept::contains).toList();
    }

    private static List<Integer> with(List<Integer> members, int brokerId) {
        List<Integer> more = new ArrayList<>(members);
        more.add(brokerId);
        return more;
    }
}
