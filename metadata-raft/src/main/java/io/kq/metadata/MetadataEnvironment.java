package io.kq.metadata;

import io.kq.metadata.controller.BrokerSessions.BrokerProbe;
import io.kq.metadata.controller.ReplicaProbe;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import io.kq.runtime.RandomSource;

/**
 * What a voter is given from outside.
 *
 * @param random for topic ids: {@link RandomSource#secure()} but in tests
 * @param faults a call means that this voter cannot go on and the process must end
 * @param probe dials brokers for the active controller
 * @param replicaProbe asks brokers for the ends of their logs, for the same
 */
public record MetadataEnvironment(
        Clock clock,
        RandomSource random,
        FaultHandler faults,
        BrokerProbe probe,
        ReplicaProbe replicaProbe) {}
