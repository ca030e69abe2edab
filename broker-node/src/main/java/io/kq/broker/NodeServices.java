package io.kq.broker;

import io.kq.broker.StopSequence.Stage;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.membership.BrokerLifecycle;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.quorum.VoterChanges;
import io.kq.broker.replication.CatchUpPace;
import io.kq.broker.rpc.ControllerCalls;
import io.kq.broker.rpc.NodeChannels;
import io.kq.broker.rpc.admin.ClusterService;
import io.kq.broker.rpc.admin.ConfigService;
import io.kq.broker.rpc.admin.DiskSurvey;
import io.kq.broker.rpc.admin.ImageWaits;
import io.kq.broker.rpc.admin.MetadataWatch;
import io.kq.broker.rpc.admin.Mutations;
import io.kq.broker.rpc.admin.PartitionService;
import io.kq.broker.rpc.admin.QuorumView;
import io.kq.broker.rpc.admin.TopicService;
import io.kq.broker.rpc.admin.VoterCalls;
import io.kq.broker.rpc.group.GroupRoutes;
import io.kq.broker.rpc.group.GroupService;
import io.kq.broker.rpc.log.LogService;
import io.kq.broker.rpc.log.LogServiceConfig;
import io.kq.broker.rpc.node.ControllerProducerIds;
import io.kq.broker.rpc.node.ControllerService;
import io.kq.broker.rpc.node.GrpcVoterWords;
import io.kq.broker.rpc.node.MetadataFeedService;
import io.kq.broker.rpc.node.StorageService;
import io.kq.broker.rpc.node.VoterService;
import io.kq.broker.rpc.replica.ReplicationService;
import io.kq.metadata.MetadataQuorum;
import io.kq.metadata.MetadataSource;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.util.List;

/** What a node serves: the other half of the composition root. */
record NodeServices(
        NodeConfig config,
        NodeEnvironment environment,
        NodeBirth born,
        NodeMetadata knowledge,
        NodeChannels channels,
        ControllerCalls controller) {

    /** Makes all services and opens them to callers. */
    void serve(
            NodeStorage storage,
            PartitionRegistry partitions,
            BrokerLifecycle lifecycle,
            StopSequence stop) {
        Clock clock = environment.clock();
        MetadataSource metadata = knowledge.source();
        QuorumView quorum = new QuorumView(metadata, knowledge::quorum, config.quorum().peers());
        EventLoop watchLoop = EventLoop.start("kq-watch", environment.faults());
        stop.add(Stage.REST, "watch loop", watchLoop);
        MetadataWatch watch =
                new MetadataWatch(metadata, quorum, lifecycle::isOutOfTouch, watchLoop, clock);
        stop.add(Stage.LEAVE, "watch", watch);
        ImageWaits waits = new ImageWaits(metadata, born.control());
        stop.add(Stage.LEAVE, "image waits", waits);
        Mutations mutations = new Mutations(controller, waits, environment.random());
        DiskSurvey disks = new DiskSurvey(config.nodeId(), storage, channels);

        LogService logs =
                new LogService(
                        partitions,
                        channels,
                        new ControllerProducerIds(controller, lifecycle::brokerEpoch),
                        LogServiceConfig.of(
                                config.nodeId(),
                                config.serving().forwards(),
                                config.serving().inflightBytesMax()),
                        clock);
        stop.add(Stage.REST, "log service", logs);
        ReplicationService replication =
                new ReplicationService(
                        partitions,
                        new CatchUpPace(
                                config.settings().get(NodeKeys.REPLICATION_CATCHUP_RATE),
                                partitions.timers(),
                                clock));
        stop.add(Stage.REST, "replication service", replication);

        born.server()
                .serve(
                        List.of(
                                logs,
                                GroupService.of(groupRoutes(), metadata, environment.random()),
                                new TopicService(metadata, mutations),
                                new PartitionService(metadata, mutations),
                                new ConfigService(
                                        config.nodeId(),
                                        metadata,
                                        mutations,
                                        channels,
                                        config.settings()),
                                new ClusterService(
                                        config.nodeId(),
                                        metadata,
                                        quorum,
                                        watch,
                                        disks,
                                        mutations,
                                        new VoterCalls(voterChanges(), controller, quorum, waits))),
                        List.of(
                                new VoterService(knowledge.member()),
                                new ControllerService(knowledge::quorum),
                                new MetadataFeedService(
                                        () -> knowledge.quorum().map(MetadataQuorum::feed)),
                                new StorageService(storage, partitions, lifecycle::brokerEpoch),
                                replication));
    }

    private GroupRoutes groupRoutes() {
        return new GroupRoutes(
                config.nodeId(),
                knowledge.source(),
                knowledge::quorum,
                channels,
                config.serving().forwards(),
                born.control(),
                environment.clock());
    }

    private VoterChanges voterChanges() {
        return new VoterChanges(
                config.nodeId(),
                knowledge.raftAddress(),
                knowledge::quorum,
                new GrpcVoterWords(born.identity().clusterId(), channels, knowledge.neighbours()),
                knowledge.loop(),
                environment.clock());
    }
}
