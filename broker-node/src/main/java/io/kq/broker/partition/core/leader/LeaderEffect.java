package io.kq.broker.partition.core.leader;

/** What the shell has to do after a step, once the partition's lock is released. */
public sealed interface LeaderEffect {

    /** Answers {@code acks=1} writes that end at or below {@code endOffset}. */
    record AnswerLeaderAcks(long endOffset) implements LeaderEffect {}

    /**
     * Answers {@code acks=all} writes that end at or below {@code highWatermark} and wakes readers
     * and followers: more can be read.
     */
    record AnswerCommitted(long highWatermark) implements LeaderEffect {}

    /**
     * Answers all that wait: it may have happened or not (R16: an epoch answers only its own
     * appends).
     */
    record AbandonWaiting() implements LeaderEffect {}

    /** Starts to push the log to a follower, from {@code fromOffset} on. */
    record Push(int replica, long generation, long fromOffset) implements LeaderEffect {}

    /**
     * Tells a follower where its log and the leader's part, and ends the subscription.
     *
     * @param epoch the largest in the leader's log that is not above the follower's last one
     * @param endOffset where it ends
     */
    record TellDiverged(int replica, long generation, int epoch, long endOffset)
            implements LeaderEffect {}

    /** Ends a subscription. */
    record Refuse(int replica, long generation, Refusal reason) implements LeaderEffect {}

    /** Asks the controller for another ISR; the answer is an input. */
    record Propose(IsrProposal proposal) implements LeaderEffect {}
}
