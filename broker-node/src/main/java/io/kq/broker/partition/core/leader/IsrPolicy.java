package io.kq.broker.partition.core.leader;

import java.util.ArrayList;
import java.util.List;

/** Who should be in the ISR by the leader's judgement (rules 17, 18 and 31). */
final class IsrPolicy {

    private final IsrJoin join;
    private final LagBounds bounds;

    IsrPolicy(IsrJoin join, LagBounds bounds) {
        this.join = join;
        this.bounds = bounds;
    }

    /** The members as they should be; the very list of the committed ones if those. */
    List<Integer> wanted(LeaderState state, long nowNanos) {
        List<Integer> committed = state.isr().committed();
        if (state.storageFailed()) {
            return committed.size() > 1 ? withoutLeader(state) : committed;
        }
        List<Integer> wanted = new ArrayList<>();
        for (ReplicaView view : state.isr().replicas()) {
            if (isWanted(view, state, nowNanos)) {
                wanted.add(view.replica());
            }
        }
        if (wanted.size() == committed.size() && committed.containsAll(wanted)) {
            return committed;
        }
        return withoutUnproposable(wanted, state);
    }

    private boolean isWanted(ReplicaView view, LeaderState state, long nowNanos) {
        if (view.replica() == state.term().nodeId()) {
            return true;
        }
        FollowerProgress progress = state.follower(view.replica());
        if (progress == null
                || progress.failed()
                || progress.isLagging(state.logEndOffset(), nowNanos, bounds)) {
            return false;
        }
        return state.isr().committed().contains(view.replica())
                || (view.mayJoin() && progress.subscribed() && join.mayJoin(progress, view, state));
    }

    private static List<Integer> withoutLeader(LeaderState state) {
        List<Integer> rest = new ArrayList<>(state.isr().committed());
        rest.remove((Integer) state.term().nodeId());
        return withoutUnproposable(rest, state);
    }

    /**
     * A member that is fenced or shutting down is about to be taken out by the controller, which
     * would refuse a proposal that names it.
     */
    private static List<Integer> withoutUnproposable(List<Integer> wanted, LeaderState state) {
        List<Integer> rest = new ArrayList<>(wanted);
        rest.removeIf(
                replica -> {
                    ReplicaView view = state.isr().replica(replica);
                    return replica != state.term().nodeId() && (view == null || !view.mayJoin());
                });
        return rest.isEmpty() ? state.isr().committed() : rest;
    }
}
