package io.kq.broker.partition.core;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a leader knows in one leader epoch. Immutable; the next epoch starts with a new one.
 *
 * @param nodeId the leader itself
 * @param leaderEpoch the only epoch whose acknowledgements count
 * @param epochStartOffset log end when the epoch began. Until the high watermark has reached it,
 *     readers are not told a high watermark: the one before may have been higher (KIP-207)
 * @param logEndOffset offset that the next record gets
 * @param ownEndOffset end of what counts as this node's copy: the log end, or with {@code
 *     flush=fsync} the durable end. Invariant: {@code ownEndOffset <= logEndOffset}
 * @param highWatermark first offset not known to be on every member of the maximal ISR. Invariant:
 *     never falls, {@code highWatermark <= ownEndOffset} once it has moved in this epoch
 * @param followerEnds log ends acknowledged in this epoch, by replica
 * @param fsync whether a record counts only when it is on the disk
 * @param resigned the epoch is over: nothing has an effect any more
 */
public record LeaderState(
        int nodeId,
        int leaderEpoch,
        long epochStartOffset,
        long logEndOffset,
        long ownEndOffset,
        long highWatermark,
        IsrView isr,
        SortedMap<Integer, Long> followerEnds,
        boolean fsync,
        boolean resigned) {

    /**
     * A leader at the start of its epoch.
     *
     * @param knownHighWatermark what it last heard as a follower, or 0
     * @param durableEndOffset what of its log is on the disk
     */
    public static LeaderState elected(
            int nodeId,
            int leaderEpoch,
            long logEndOffset,
            long durableEndOffset,
            long knownHighWatermark,
            IsrView isr,
            boolean fsync) {
        return new LeaderState(
                nodeId,
                leaderEpoch,
                logEndOffset,
                logEndOffset,
                fsync ? Math.min(durableEndOffset, logEndOffset) : logEndOffset,
                Math.min(knownHighWatermark, logEndOffset),
                isr,
                new TreeMap<>(),
                fsync,
                false);
    }

    /** Whether readers may be told the high watermark (R5). */
    public boolean isReadable() {
        return highWatermark >= epochStartOffset;
    }

    LeaderState withLogEnd(long end) {
        long own = fsync ? ownEndOffset : end;
        return with(end, own, highWatermark, isr, followerEnds, resigned);
    }

    LeaderState withDurableEnd(long end) {
        long own = fsync ? Math.max(ownEndOffset, Math.min(end, logEndOffset)) : ownEndOffset;
        return with(logEndOffset, own, highWatermark, isr, followerEnds, resigned);
    }

    LeaderState withHighWatermark(long offset) {
        return with(logEndOffset, ownEndOffset, offset, isr, followerEnds, resigned);
    }

    LeaderState withIsr(IsrView view) {
        return with(logEndOffset, ownEndOffset, highWatermark, view, followerEnds, resigned);
    }

    LeaderState withFollowerEnd(int replica, long end) {
        SortedMap<Integer, Long> changed = new TreeMap<>(followerEnds);
        changed.put(replica, end);
        return with(logEndOffset, ownEndOffset, highWatermark, isr, changed, resigned);
    }

    LeaderState withResigned() {
        return with(logEndOffset, ownEndOffset, highWatermark, isr, followerEnds, true);
    }

    private LeaderState with(
            long logEnd,
            long ownEnd,
            long watermark,
            IsrView view,
            SortedMap<Integer, Long> ends,
            boolean over) {
        return new LeaderState(
                nodeId,
                leaderEpoch,
                epochStartOffset,
                logEnd,
                ownEnd,
                watermark,
                view,
                ends,
                fsync,
                over);
    }
}
