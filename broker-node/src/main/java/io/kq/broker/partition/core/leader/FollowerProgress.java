package io.kq.broker.partition.core.leader;

/**
 * What a leader knows of one follower in its epoch.
 *
 * @param brokerEpoch of the incarnation that this is about: the registered one (R12)
 * @param generation of its newest subscription, 0 before the first
 * @param endOffset how far it acknowledged in this epoch and generation, {@link #NO_END} before
 *     that. Invariant: never falls within a generation
 * @param caughtUpNanos a time at which it had all that the leader had then, at the latest
 * @param markOffset the leader's log end at {@code markNanos}: once it is reached, the follower had
 *     caught up with that time
 * @param subscribed it can be pushed to
 * @param failed it said that its disk takes no more writes
 */
public record FollowerProgress(
        int replica,
        long brokerEpoch,
        long generation,
        long endOffset,
        long caughtUpNanos,
        long markOffset,
        long markNanos,
        boolean subscribed,
        boolean failed) {

    /** It has not acknowledged anything in this epoch and generation. */
    public static final long NO_END = -1;

    /** A follower that has not been heard of; its lag counts from now. */
    static FollowerProgress unheard(int replica, long brokerEpoch, long logEnd, long nowNanos) {
        return new FollowerProgress(
                replica, brokerEpoch, 0, NO_END, nowNanos, logEnd, nowNanos, false, false);
    }

    public boolean hasAcknowledged() {
        return endOffset != NO_END;
    }

    /** A new subscription: what was acknowledged in the one before says nothing any more. */
    FollowerProgress subscribed(long newGeneration) {
        return new FollowerProgress(
                replica,
                brokerEpoch,
                newGeneration,
                NO_END,
                caughtUpNanos,
                markOffset,
                markNanos,
                true,
                false);
    }

    /** Its subscription is over. What it acknowledged it still has. */
    FollowerProgress unsubscribed() {
        return new FollowerProgress(
                replica,
                brokerEpoch,
                generation,
                endOffset,
                caughtUpNanos,
                markOffset,
                markNanos,
                false,
                failed);
    }

    FollowerProgress acknowledged(long offset, long logEnd, long nowNanos) {
        long end = Math.max(endOffset, offset);
        if (end >= logEnd) {
            return at(end, nowNanos, logEnd, nowNanos);
        }
        return end >= markOffset
                ? at(end, markNanos, logEnd, nowNanos)
                : at(end, caughtUpNanos, markOffset, markNanos);
    }

    /** It has all, and the leader is about to have more. */
    FollowerProgress leftBehindAt(long logEnd, long nowNanos) {
        return at(endOffset, nowNanos, logEnd, nowNanos);
    }

    FollowerProgress withFailure() {
        return new FollowerProgress(
                replica,
                brokerEpoch,
                generation,
                endOffset,
                caughtUpNanos,
                markOffset,
                markNanos,
                subscribed,
                true);
    }

    private FollowerProgress at(long end, long caughtUp, long nextMark, long nextMarkNanos) {
        return new FollowerProgress(
                replica,
                brokerEpoch,
                generation,
                end,
                caughtUp,
                nextMark,
                nextMarkNanos,
                subscribed,
                failed);
    }

    /** Whether it has been without something that the leader has for longer than allowed. */
    boolean isLagging(long logEnd, long nowNanos, LagBounds bounds) {
        long allowed = subscribed ? bounds.lagMaxNanos() : bounds.absenceMaxNanos();
        return endOffset < logEnd && nowNanos - caughtUpNanos > allowed;
    }
}
