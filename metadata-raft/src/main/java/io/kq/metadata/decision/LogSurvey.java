package io.kq.metadata.decision;

import io.kq.protocol.TopicIdPartition;
import java.util.List;

/**
 * Where the logs of a partition's replicas end, as their brokers said: what an election among
 * replicas that may all have lost records goes by.
 *
 * @param partitionEpoch of the partition when the brokers were asked
 * @param ends of the replicas that answered
 */
public record LogSurvey(TopicIdPartition partition, int partitionEpoch, List<LogEnd> ends) {

    public LogSurvey {
        ends = List.copyOf(ends);
    }

    /**
     * The end of one replica's log.
     *
     * @param brokerEpoch of the incarnation that said so
     * @param lastEpoch leader epoch of the last batch, -1: the log is empty
     */
    public record LogEnd(int brokerId, long brokerEpoch, int lastEpoch, long endOffset) {

        /** Whether the replica has nothing at all: its disk is new. */
        boolean isEmpty() {
            return lastEpoch < 0 && endOffset == 0;
        }
    }
}
