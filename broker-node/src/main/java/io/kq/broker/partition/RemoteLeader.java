package io.kq.broker.partition;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Map;

/**
 * A partition's leader on another node.
 *
 * @param clientAddress {@code host:port} of its client listener; empty: not known
 */
public record RemoteLeader(
        TopicPartition partition, int nodeId, int leaderEpoch, String clientAddress)
        implements PartitionRoute {

    /** The answer to those who are to go there themselves. */
    public RejectedException notLeader() {
        return new RejectedException(
                ErrorCode.NOT_LEADER,
                "node " + nodeId + " leads " + partition,
                true,
                Map.of(
                        "leader_id", Integer.toString(nodeId),
                        "leader_address", clientAddress,
                        "epoch", Integer.toString(leaderEpoch)));
    }
}
