package io.kq.broker.partition.core.leader;

/** The rule by which a replica may join the ISR (rule 18). */
@FunctionalInterface
public interface IsrJoin {

    /** Whether the replica, which is not in the ISR, has all that members must have. */
    boolean mayJoin(FollowerProgress progress, ReplicaView view, LeaderState state);

    /**
     * It acknowledged in this epoch, by the registered incarnation (R12), and its end is at or
     * above both the high watermark and the start of the epoch (R13).
     */
    IsrJoin CAUGHT_UP_IN_EPOCH =
            (progress, view, state) ->
                    progress.hasAcknowledged()
                            && progress.brokerEpoch() == view.brokerEpoch()
                            && progress.endOffset() >= state.highWatermark()
                            && progress.endOffset() >= state.term().epochStartOffset();
}
