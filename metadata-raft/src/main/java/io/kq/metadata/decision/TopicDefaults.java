package io.kq.metadata.decision;

/**
 * What a topic gets that is created without saying how many partitions or replicas.
 *
 * @param replicationFactor 0: as many as there are brokers, but no more than three
 */
public record TopicDefaults(int partitionCount, int replicationFactor) {

    /** {@link #replicationFactor} that follows the number of brokers. */
    public static final int BY_BROKERS = 0;

    private static final int REPLICATION_FACTOR_MAX = 3;

    /** Replicas of a topic that is created now. */
    int replicationFactor(int brokerCount) {
        return replicationFactor == BY_BROKERS
                ? Math.max(1, Math.min(REPLICATION_FACTOR_MAX, brokerCount))
                : replicationFactor;
    }
}
