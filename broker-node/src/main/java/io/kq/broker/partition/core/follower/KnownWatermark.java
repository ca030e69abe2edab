package io.kq.broker.partition.core.follower;

/**
 * What a follower knows of the high watermark.
 *
 * @param offset the highest that a leader told and that the log has. Invariant: falls only with a
 *     cut after an unclean election (rules 7 and 10)
 * @param epoch the newest leader epoch in which that, or a higher one, was told
 * @param told by the present subscription's leader, perhaps more than the log has yet
 */
public record KnownWatermark(long offset, int epoch, long told) {

    /** Told by a leader of {@code leaderEpoch} to a follower whose log ends at {@code logEnd}. */
    KnownWatermark raised(long leaderHighWatermark, int leaderEpoch, long logEnd) {
        long most = Math.max(told, leaderHighWatermark);
        long reached = Math.min(most, logEnd);
        return reached >= offset
                ? new KnownWatermark(reached, leaderEpoch, most)
                : new KnownWatermark(offset, epoch, most);
    }

    /** Another subscription begins: what its leader knows is not told yet. */
    KnownWatermark untold() {
        return new KnownWatermark(offset, epoch, 0);
    }

    /** The log is another one now; what is left of the knowledge is as old as before. */
    KnownWatermark within(LogEnds log) {
        if (offset > log.endOffset()) {
            return new KnownWatermark(log.endOffset(), epoch, 0);
        }
        return offset < log.startOffset()
                ? new KnownWatermark(log.startOffset(), epoch, told)
                : this;
    }
}
