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
        int lastEpoch) {}
