package io.kq.broker.partition.core.leader;

/**
 * The rules of a leader that history has got wrong before, each on its own, so that a test can put
 * the wrong one in its place and see the checker find it.
 *
 * @param readers whether readers may be told the high watermark
 * @param unknownOutcome whether a proposal counts on when its outcome is not known
 * @param epochEnd what becomes of those that wait when the epoch ends
 */
public record LeaderRules(
        HighWatermark highWatermark,
        LogMatch match,
        AckCheck acks,
        IsrJoin join,
        Readers readers,
        UnknownOutcome unknownOutcome,
        EpochEnd epochEnd) {

    /** kq's. */
    public static final LeaderRules STANDARD =
            new LeaderRules(
                    HighWatermark.MAXIMAL_ISR,
                    LogMatch.BY_EPOCH,
                    AckCheck.STRICT,
                    IsrJoin.CAUGHT_UP_IN_EPOCH,
                    Readers.FROM_EPOCH_START,
                    UnknownOutcome.COUNTS,
                    EpochEnd.ABANDONS);

    /** When readers may be told the high watermark. */
    public enum Readers {
        /** Once it has reached the start of the epoch (rule 15, R5, KIP-207). */
        FROM_EPOCH_START,
        /** Always: the one that the leader before told may have been higher. */
        ALWAYS
    }

    /** What a proposal is whose outcome is not known. */
    public enum UnknownOutcome {
        /** Perhaps taken: its members count (rule 20). */
        COUNTS,
        /** Refused, by mistake. */
        FORGOTTEN
    }

    /** What becomes of appends that wait when the epoch ends. */
    public enum EpochEnd {
        /** They are told that the outcome is unknown (rule 2, R16). */
        ABANDONS,
        /** They go on waiting, by mistake: what they wait for may be cut and written anew. */
        KEEPS
    }
}
