package io.kq.broker.partition.core.leader;

/**
 * A replica's broker as the metadata image shows it.
 *
 * @param brokerEpoch of the registered incarnation, -1 if the broker is not registered: the only
 *     one whose words count (R12)
 * @param mayJoin it is neither fenced nor shutting down
 */
public record ReplicaView(int replica, long brokerEpoch, boolean mayJoin) {}
