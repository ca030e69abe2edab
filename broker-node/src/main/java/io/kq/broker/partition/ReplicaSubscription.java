package io.kq.broker.partition;

/**
 * A follower asks for its leader's log from its own end on.
 *
 * @param replica the follower's node
 * @param brokerEpoch of its incarnation
 * @param generation grows with each subscription of an incarnation
 * @param leaderEpoch the epoch in which it follows
 * @param endOffset where its log ends
 * @param lastEpoch of its last batch, -1 if it has none
 */
public record ReplicaSubscription(
        int replica,
        long brokerEpoch,
        long generation,
        int leaderEpoch,
        long endOffset,
        int lastEpoch) {

    /**
     * Refuses what no log can be.
     *
     * @throws IllegalArgumentException an end below 0, or an epoch below -1
     */
    public ReplicaSubscription {
        if (endOffset < 0 || lastEpoch < -1) {
            throw new IllegalArgumentException(
                    "no log ends at offset " + endOffset + " in epoch " + lastEpoch);
        }
    }
}
