package io.kq.broker.partition.core.follower;

/** What the shell has to do after a step, in this order. */
public sealed interface FollowerEffect {

    /** Asks the leader for its log from the own end on. */
    record Subscribe(int leader, long generation, int leaderEpoch, long endOffset, int lastEpoch)
            implements FollowerEffect {}

    /** Tells the leader that nothing more is wanted of a subscription. */
    record Unsubscribe(int leader, long generation) implements FollowerEffect {}

    /** Appends what was pushed; {@link FollowerInput.Appended} follows. */
    record Take() implements FollowerEffect {}

    /** Cuts the log; {@link FollowerInput.LogChanged} follows. */
    record Cut(long endOffset) implements FollowerEffect {}

    /**
     * Throws the log away and begins anew at an offset; {@link FollowerInput.LogChanged} follows.
     */
    record Restart(long startOffset) implements FollowerEffect {}

    /** Forgets what is before an offset. */
    record AdvanceLogStart(long startOffset) implements FollowerEffect {}

    /** Tells the leader how far this replica has the log. */
    record Acknowledge(int leader, long generation, int leaderEpoch, long endOffset, boolean failed)
            implements FollowerEffect {}

    /** Sees to it that {@link FollowerInput.Ticked} comes at that time. */
    record WakeAt(long nanos) implements FollowerEffect {}

    /**
     * Reports that this replica stands still: to go on it would have to cut committed records.
     *
     * @param cutOffset where the leader's log and this one part
     */
    record Halt(long cutOffset, long highWatermark) implements FollowerEffect {}
}
