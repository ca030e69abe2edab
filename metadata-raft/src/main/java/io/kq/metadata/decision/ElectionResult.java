package io.kq.metadata.decision;

import io.kq.metadata.decision.LogSurvey.LogEnd;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.Optional;

/**
 * What an operator's election came to for one partition.
 *
 * @param leader who leads now, -1: nobody
 * @param logEndOffset of an unclean election: what is above it is lost. -1: none was needed
 * @param hadAll of an unclean election: the replicas that had all committed records; what they have
 *     beyond the leader's log is cut off when they are back
 * @param refusal why nobody was elected
 */
public record ElectionResult(
        TopicPartition partition,
        boolean elected,
        int leader,
        long logEndOffset,
        List<Integer> hadAll,
        Optional<RejectedException> refusal) {

    public ElectionResult {
        hadAll = List.copyOf(hadAll);
    }

    static ElectionResult elected(TopicPartition partition, int leader) {
        return new ElectionResult(partition, true, leader, -1, List.of(), Optional.empty());
    }

    static ElectionResult uncleanly(TopicPartition partition, LogEnd leader, List<Integer> hadAll) {
        return new ElectionResult(
                partition, true, leader.brokerId(), leader.endOffset(), hadAll, Optional.empty());
    }

    /** The partition is led as it was asked for. */
    public static ElectionResult notNeeded(TopicPartition partition, int leader) {
        return new ElectionResult(partition, false, leader, -1, List.of(), Optional.empty());
    }

    static ElectionResult refused(TopicPartition partition, RejectedException why) {
        return new ElectionResult(partition, false, -1, -1, List.of(), Optional.of(why));
    }

    /** Neither done nor refused. */
    boolean isNothing() {
        return !elected && refusal.isEmpty();
    }
}
