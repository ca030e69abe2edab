package io.kq.broker.partition.core.leader;

import io.kq.broker.partition.core.leader.LeaderRules.UnknownOutcome;

/** Rules that others have had, and lost data by. */
final class Wrong {

    private static final LeaderRules RIGHT = LeaderRules.STANDARD;

    /** The high watermark moves whatever the size of the ISR. */
    static final HighWatermark WITHOUT_MINIMUM =
            state ->
                    HighWatermark.MAXIMAL_ISR.of(
                            state.withIsr(
                                    new IsrView(
                                            state.isr().partitionEpoch(),
                                            state.isr().committed(),
                                            state.isr().replicas(),
                                            1),
                                    state.followers(),
                                    state.pending()));

    private Wrong() {}

    static LeaderRules highWatermark(HighWatermark rule) {
        return new LeaderRules(
                rule,
                RIGHT.match(),
                RIGHT.acks(),
                RIGHT.join(),
                RIGHT.readers(),
                RIGHT.unknownOutcome(),
                RIGHT.epochEnd());
    }

    static LeaderRules unknownOutcomeForgotten() {
        return new LeaderRules(
                RIGHT.highWatermark(),
                RIGHT.match(),
                RIGHT.acks(),
                RIGHT.join(),
                RIGHT.readers(),
                UnknownOutcome.FORGOTTEN,
                RIGHT.epochEnd());
    }
}
