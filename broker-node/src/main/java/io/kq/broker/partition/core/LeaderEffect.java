package io.kq.broker.partition.core;

/** What the shell has to do after a step, once the partition's lock is released. */
public sealed interface LeaderEffect {

    /** Answers {@code acks=1} writes that end at or below {@code endOffset}. */
    record AnswerLeaderAcks(long endOffset) implements LeaderEffect {}

    /**
     * Answers {@code acks=all} writes that end at or below {@code highWatermark} and wakes the
     * readers: more can be read.
     */
    record AnswerCommitted(long highWatermark) implements LeaderEffect {}

    /**
     * Answers all that wait: it may have happened or not (R16: an epoch answers only its own
     * appends).
     */
    record AbandonWaiting() implements LeaderEffect {}
}
