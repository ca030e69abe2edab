package io.kq.broker.rpc.log;

import io.kq.broker.fetch.PartitionReads;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.rpc.InflightBudget;
import io.kq.broker.rpc.NodeChannels;
import io.kq.runtime.Clock;

/** What all calls of the log service stand on. */
record LogRooms(
        PartitionRegistry registry,
        PartitionReads reads,
        NodeChannels channels,
        InflightBudget budget,
        LogServiceConfig config,
        Clock clock) {

    /** Whether a call's requests may be passed on to the leader's node. */
    boolean mayForward(CallOrigin origin) {
        return config.forwardEnabled() && origin.mayBeForwarded();
    }
}
