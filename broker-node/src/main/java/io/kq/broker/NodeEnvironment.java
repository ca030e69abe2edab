package io.kq.broker;

import io.kq.broker.config.Host;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import io.kq.runtime.RandomSource;

/**
 * What a node is given from outside.
 *
 * @param random unpredictable: for ids that must never be given twice
 * @param faults told what nobody can be answered with; ends the process in production
 */
record NodeEnvironment(Clock clock, RandomSource random, FaultHandler faults, Host host) {

    /** This process on this machine. */
    static NodeEnvironment ofProcess(Host host) {
        return new NodeEnvironment(
                Clock.system(), RandomSource.secure(), new HaltingFaults(), host);
    }
}
