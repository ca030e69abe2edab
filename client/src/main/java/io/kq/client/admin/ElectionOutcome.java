package io.kq.client.admin;

import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.Optional;

/**
 * What an election came to for one partition.
 *
 * @param elected false without a refusal: it was led as asked for, or had a leader
 * @param leader who leads now, -1: nobody
 * @param lost what an unclean election lost
 */
public record ElectionOutcome(
        TopicPartition partition,
        boolean elected,
        int leader,
        Optional<Loss> lost,
        Optional<RejectedException> refusal) {

    /**
     * What an unclean election lost.
     *
     * @param logEndOffset where the new leader's log ends: what was committed from there on
     * @param complete replicas that had all of it; it is cut off when they come back
     */
    public record Loss(long logEndOffset, List<Integer> complete) {}
}
