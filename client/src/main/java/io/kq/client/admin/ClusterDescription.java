package io.kq.client.admin;

import java.util.List;

/**
 * The cluster as one node sees it.
 *
 * @param answeredBy the node that was asked
 * @param version grows with each change of the metadata
 */
public record ClusterDescription(
        String clusterId,
        int answeredBy,
        long version,
        List<BrokerDescription> brokers,
        Quorum quorum,
        int topicCount) {

    /**
     * One broker and what it stores.
     *
     * @param draining up, but it gets no leaderships: it is about to stop, or was drained
     * @param diskUsedBytes -1: it did not answer
     * @param directories its data directories, in the order of its settings; empty: it did not
     *     answer
     */
    public record BrokerDescription(
            int id,
            String address,
            String rack,
            boolean up,
            boolean draining,
            long stateSinceMillis,
            String version,
            int leaderCount,
            int replicaCount,
            int underReplicatedCount,
            long diskUsedBytes,
            List<DirectoryDescription> directories) {

        public NodeState state() {
            return !up ? NodeState.DOWN : draining ? NodeState.DRAINING : NodeState.UP;
        }
    }

    /** Whether a broker takes part. */
    public enum NodeState {
        UP,
        /** Up, and without leaderships where others can have them. */
        DRAINING,
        DOWN
    }

    /**
     * One data directory of a broker.
     *
     * @param problem why it takes no writes; empty if it does
     * @param quarantinedCount those of its partitions that are damaged and not served
     * @param freeBytes of its file system, -1: it does not say
     * @param totalBytes of its file system, -1: it does not say
     */
    public record DirectoryDescription(
            String path,
            DirectoryState state,
            String problem,
            int partitionCount,
            int quarantinedCount,
            long usedBytes,
            long freeBytes,
            long totalBytes) {}

    /** Whether a data directory takes writes. */
    public enum DirectoryState {
        /** A newer broker said something that this client does not know. */
        UNKNOWN,
        WRITABLE,
        /** Writes are refused until there is space. */
        FULL,
        /** Writes are refused until the broker is started anew. */
        FAILED,
        /** It could not be opened. */
        OFFLINE
    }

    /** The metadata quorum. {@code leader} is -1 if none is known. */
    public record Quorum(int leader, long term, long committedIndex, List<Voter> voters) {}

    /**
     * One voter.
     *
     * @param lag -1 if not known
     * @param directoryId which of the logs that the node had in its life votes: another one after
     *     each loss of a disk and each joining; empty if not known
     */
    public record Voter(int id, String address, long lag, boolean up, String directoryId) {}

    /** Whether all is well; problems are one sentence each. */
    public record Health(
            boolean healthy,
            List<String> problems,
            int partitionCount,
            int offlineCount,
            int underReplicatedCount,
            int underMinIsrCount) {}
}
