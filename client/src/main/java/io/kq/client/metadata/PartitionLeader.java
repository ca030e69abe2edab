package io.kq.client.metadata;

/**
 * Who leads a partition.
 *
 * @param nodeId -1: nobody now
 */
public record PartitionLeader(int nodeId, int leaderEpoch) {

    /** Nobody is known to lead. */
    public static final PartitionLeader NONE = new PartitionLeader(-1, -1);

    /** Whether somebody leads. */
    public boolean isKnown() {
        return nodeId >= 0;
    }
}
