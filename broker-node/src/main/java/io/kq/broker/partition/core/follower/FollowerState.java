package io.kq.broker.partition.core.follower;

/**
 * What a follower knows of its partition. Immutable; lives as long as the replica follows, over all
 * its leaders.
 *
 * @param leader what the image shows
 * @param phase where the follower is with that leader
 * @param generation of the newest subscription; grows by one with each
 * @param retryNanos in {@link Phase#PAUSING}: when to subscribe again
 * @param log its own log
 * @param watermark what it knows of the high watermark
 * @param fsync whether only what is on the disk is acknowledged
 * @param storageFailed the directory takes no more writes
 */
public record FollowerState(
        FollowedLeader leader,
        Phase phase,
        long generation,
        long retryNanos,
        LogEnds log,
        KnownWatermark watermark,
        boolean fsync,
        boolean storageFailed) {

    /** Where a follower is with its leader. */
    public enum Phase {
        /** There is no leader to follow, or no disk to follow it with. */
        IDLE,
        /** It has asked, and the leader has not answered. */
        SUBSCRIBING,
        /** The leader pushes. */
        FOLLOWING,
        /** Its log is being cut or begun anew; nothing else is done meanwhile. */
        CUTTING,
        /** It was refused or lost the leader, and will ask again. */
        PAUSING,
        /** To go on it would have to cut what was committed (rule 7). */
        HALTED
    }

    /**
     * A replica that follows nobody yet.
     *
     * @param generation of its last subscription as a follower before, 0 if there was none
     * @param knownHighWatermark what it heard or decided before, or the log's start
     * @param watermarkEpoch leader epoch in which that was, -1: before this process
     */
    public static FollowerState of(
            LogEnds log,
            boolean fsync,
            long generation,
            long knownHighWatermark,
            int watermarkEpoch) {
        return new FollowerState(
                FollowedLeader.UNKNOWN,
                Phase.IDLE,
                generation,
                0,
                log,
                new KnownWatermark(knownHighWatermark, watermarkEpoch, 0),
                fsync,
                false);
    }

    /** First offset that is not known to be committed. */
    public long highWatermark() {
        return watermark.offset();
    }

    /** How far this replica may say that it has the log. */
    public long acknowledgedEnd() {
        return fsync ? Math.min(log.durableEndOffset(), log.endOffset()) : log.endOffset();
    }

    boolean isSubscribed() {
        return phase == Phase.SUBSCRIBING || phase == Phase.FOLLOWING;
    }

    FollowerState with(Phase next) {
        return with(leader, next, generation, retryNanos);
    }

    FollowerState withLeader(FollowedLeader next) {
        return with(next, phase, generation, retryNanos);
    }

    FollowerState pausing(long untilNanos) {
        return with(leader, Phase.PAUSING, generation, untilNanos);
    }

    FollowerState subscribing() {
        return with(leader, Phase.SUBSCRIBING, generation + 1, retryNanos)
                .with(log, watermark.untold());
    }

    FollowerState with(LogEnds changed, KnownWatermark known) {
        return new FollowerState(
                leader, phase, generation, retryNanos, changed, known, fsync, storageFailed);
    }

    FollowerState withDisk(boolean nowFsync, boolean nowFailed) {
        return new FollowerState(
                leader, phase, generation, retryNanos, log, watermark, nowFsync, nowFailed);
    }

    private FollowerState with(FollowedLeader whom, Phase next, long number, long retry) {
        return new FollowerState(whom, next, number, retry, log, watermark, fsync, storageFailed);
    }
}
