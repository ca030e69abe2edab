package io.kq.broker;

import io.kq.broker.membership.BrokerLifecycle.StateListener;
import io.kq.broker.membership.BrokerState;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.rpc.replica.LeaderStreams;

/** Passes on what becomes of this node's membership. On the lifecycle's loop. */
record BrokerEvents(NodeHealth health, PartitionRegistry partitions, LeaderStreams leaders)
        implements StateListener {

    @Override
    public void onRegistered(long brokerEpoch) {
        leaders.registered(brokerEpoch);
        partitions.registered(brokerEpoch);
    }

    @Override
    public void onState(BrokerState state) {
        health.onState(state);
    }

    @Override
    public void onOutOfTouch(boolean outOfTouch) {
        partitions.controllerReach(outOfTouch);
    }
}
