package io.kq.broker.partition.core.leader;

import java.time.Duration;

/**
 * How long a member of the ISR may be without what its leader has (rule 17).
 *
 * @param lagMaxNanos while it is subscribed
 * @param absenceMaxNanos while it is not: the leader does not hear it, whatever others do
 */
public record LagBounds(long lagMaxNanos, long absenceMaxNanos) {

    /** A member that is away is given no more time than one that is slow. */
    public static LagBounds of(Duration lagMax, Duration absenceMax) {
        return new LagBounds(lagMax.toNanos(), Math.min(lagMax.toNanos(), absenceMax.toNanos()));
    }
}
