package io.kq.broker.partition.core.leader;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a leader knows in one leader epoch. Immutable; the next epoch starts with a new one.
 *
 * @param logEndOffset offset that the next record gets
 * @param ownEndOffset end of what counts as this node's copy: the log end, or with {@code
 *     flush=fsync} the durable end. Invariant: {@code ownEndOffset <= logEndOffset}
 * @param highWatermark first offset not known to be on every member of the maximal ISR. Invariant:
 *     never falls, {@code highWatermark <= ownEndOffset} once it has moved in this epoch
 * @param isr what the metadata image shows
 * @param followers one for each replica but the leader, by id
 * @param pending what the leader proposed and may have been taken
 * @param storageFailed the leader's directory takes no more writes (rule 31)
 * @param controllerLost no controller has answered for a session's length (rule 28)
 * @param resigned the epoch is over: nothing has an effect any more
 */
public record LeaderState(
        LeaderTerm term,
        long logEndOffset,
        long ownEndOffset,
        long highWatermark,
        IsrView isr,
        List<FollowerProgress> followers,
        PendingIsr pending,
        boolean storageFailed,
        boolean controllerLost,
        boolean resigned) {

    public LeaderState {
        followers = List.copyOf(followers);
    }

    /**
     * A leader at the start of its epoch: its log ends there.
     *
     * @param durableEndOffset what of its log is on the disk
     * @param knownHighWatermark what it last heard as a follower, or the log's start (rule 15)
     */
    public static LeaderState elected(
            LeaderTerm term,
            long durableEndOffset,
            long knownHighWatermark,
            IsrView isr,
            long nowNanos) {
        long end = term.epochStartOffset();
        return new LeaderState(
                term,
                end,
                term.fsync() ? Math.min(durableEndOffset, end) : end,
                Math.min(knownHighWatermark, end),
                isr,
                unheard(term, isr, end, nowNanos),
                PendingIsr.NONE,
                false,
                false,
                false);
    }

    private static List<FollowerProgress> unheard(
            LeaderTerm term, IsrView isr, long logEnd, long nowNanos) {
        List<FollowerProgress> all = new ArrayList<>();
        for (ReplicaView view : isr.replicas()) {
            if (view.replica() != term.nodeId()) {
                all.add(
                        FollowerProgress.unheard(
                                view.replica(), view.brokerEpoch(), logEnd, nowNanos));
            }
        }
        return all;
    }

    /** The follower with this id; null if it is none of this partition. */
    public @Nullable FollowerProgress follower(int replica) {
        for (int i = 0; i < followers.size(); i++) {
            if (followers.get(i).replica() == replica) {
                return followers.get(i);
            }
        }
        return null;
    }

    /** How far a replica counts, {@link FollowerProgress#NO_END} if it was not heard of. */
    public long endOf(int replica) {
        if (replica == term.nodeId()) {
            return ownEndOffset;
        }
        FollowerProgress progress = follower(replica);
        return progress == null ? FollowerProgress.NO_END : progress.endOffset();
    }

    /** Whether the replica may be in the ISR by a proposal that may have been taken (rule 12). */
    public boolean isProposed(int replica) {
        return pending.counts(replica);
    }

    /**
     * Whether the replica may lead some day without asking this leader: it must keep all that is
     * committed, and has it.
     */
    boolean mayLead(int replica) {
        return isr.committed().contains(replica)
                || isr.eligible().contains(replica)
                || isProposed(replica);
    }

    LeaderState withLogEnd(long end, List<FollowerProgress> progress) {
        long own = term.fsync() ? ownEndOffset : end;
        return with(end, own, highWatermark, isr, progress, pending);
    }

    LeaderState withDurableEnd(long end) {
        long own =
                term.fsync() ? Math.max(ownEndOffset, Math.min(end, logEndOffset)) : ownEndOffset;
        return with(logEndOffset, own, highWatermark, isr, followers, pending);
    }

    LeaderState withHighWatermark(long offset) {
        return with(logEndOffset, ownEndOffset, offset, isr, followers, pending);
    }

    LeaderState withIsr(IsrView view, List<FollowerProgress> progress, PendingIsr left) {
        return with(logEndOffset, ownEndOffset, highWatermark, view, progress, left);
    }

    LeaderState withFollower(FollowerProgress changed) {
        List<FollowerProgress> all = new ArrayList<>(followers);
        all.replaceAll(f -> f.replica() == changed.replica() ? changed : f);
        return with(logEndOffset, ownEndOffset, highWatermark, isr, all, pending);
    }

    LeaderState withPending(PendingIsr changed) {
        return with(logEndOffset, ownEndOffset, highWatermark, isr, followers, changed);
    }

    LeaderState withStorageFailed(boolean failed) {
        return with(failed, controllerLost, resigned);
    }

    LeaderState withControllerLost(boolean lost) {
        return with(storageFailed, lost, resigned);
    }

    LeaderState withResigned() {
        return with(storageFailed, controllerLost, true);
    }

    private LeaderState with(
            long logEnd,
            long ownEnd,
            long watermark,
            IsrView view,
            List<FollowerProgress> progress,
            PendingIsr proposals) {
        return new LeaderState(
                term,
                logEnd,
                ownEnd,
                watermark,
                view,
                progress,
                proposals,
                storageFailed,
                controllerLost,
                resigned);
    }

    private LeaderState with(boolean failed, boolean lost, boolean over) {
        return new LeaderState(
                term,
                logEndOffset,
                ownEndOffset,
                highWatermark,
                isr,
                followers,
                pending,
                failed,
                lost,
                over);
    }
}
