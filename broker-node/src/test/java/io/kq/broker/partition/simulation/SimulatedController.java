package io.kq.broker.partition.simulation;

import io.kq.metadata.controller.BrokerSessions.BrokerProbe;
import io.kq.metadata.controller.ControllerConfig;
import io.kq.metadata.controller.ControllerLoop;
import io.kq.metadata.controller.ControllerPorts;
import io.kq.metadata.controller.RecordLog;
import io.kq.metadata.controller.ReplicaProbe;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.runtime.ManualEventLoop;
import io.kq.runtime.RandomSource;
import java.util.OptionalLong;

/** One voter's real controller, on a loop that is turned by hand. */
final class SimulatedController {

    private static final int PARTITIONS_PER_BATCH_MAX = 100;

    final ManualEventLoop loop;
    final ControllerLoop controller;

    /** What this voter has applied. */
    MetadataImage image = MetadataImage.EMPTY;

    /** In which this voter leads the quorum, -1: it does not. */
    long term = -1;

    SimulatedController(
            VirtualTime time,
            RandomSource random,
            ControllerConfig config,
            ReplicaRules rules,
            RecordLog log,
            BrokerProbe probe,
            ReplicaProbe replicaProbe) {
        loop = new ManualEventLoop(time.clock());
        controller =
                new ControllerLoop(
                        SimulatedQuorum.CLUSTER,
                        config,
                        new ControllerPorts(
                                loop,
                                time.clock(),
                                random,
                                log,
                                () -> image,
                                () -> term < 0 ? OptionalLong.empty() : OptionalLong.of(term),
                                probe,
                                replicaProbe),
                        PARTITIONS_PER_BATCH_MAX,
                        rules);
    }
}
