package io.kq.broker;

import io.kq.broker.membership.BrokerLifecycle.StateListener;
import io.kq.broker.membership.BrokerState;
import io.kq.broker.partition.PartitionRegistry;

/** Passes on what becomes of this node's membership. On the lifecycle's loop. */
record BrokerEvents(NodeHealth health, PartitionRegistry partitions) implements StateListener {

    @Override
    public void onRegistered(long brokerEpoch) {
        partitions.registered(brokerEpoch);
    }

    @Override
    public void onState(BrokerState state) {
        health.onState(state);
    }
}
