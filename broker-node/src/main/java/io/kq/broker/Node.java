package io.kq.broker;

import io.kq.broker.StopSequence.Stage;
import io.kq.broker.admin.AdminServer;
import io.kq.broker.admin.NodeMetrics;
import io.kq.broker.compaction.LogCleaner;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.membership.BrokerLifecycle;
import io.kq.broker.partition.Outside;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.partition.core.leader.LagBounds;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.rpc.ControllerCalls;
import io.kq.broker.rpc.node.ControllerIsrProposals;
import io.kq.broker.rpc.node.GrpcBrokerProbe;
import io.kq.broker.rpc.node.GrpcReplicaProbe;
import io.kq.broker.rpc.node.GrpcSessionConnector;
import io.kq.broker.rpc.node.ImageNodeChannels;
import io.kq.broker.rpc.replica.LeaderStreams;
import io.kq.log.LogStore;
import io.kq.metadata.MetadataEnvironment;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.decision.Registration;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * A node, as constructor calls: who it is, what it knows of the cluster, what it stores, how it
 * becomes a member, what it serves. What each part needs to stop stands beside its start.
 *
 * @param clusterId of the cluster it is a member of
 * @param lostItsVote it is named as a voter of the metadata, with a disk that is gone
 */
record Node(NodeAddresses addresses, String clusterId, boolean lostItsVote) {

    /**
     * Starts a node and waits until it takes requests. Blocking.
     *
     * @param stop filled with what has to be done to stop it, also when this call fails half way
     * @throws io.kq.broker.config.StartRefusedException a person has to do something
     */
    static Node start(NodeConfig config, NodeEnvironment environment, StopSequence stop) {
        int nodeId = config.nodeId();
        Clock clock = environment.clock();
        FaultHandler faults = environment.faults();

        NodeBirth born = NodeBirth.run(config, environment, stop);
        NodeAddresses addresses = NodeAddresses.of(config, born.server(), environment.host());
        NodeHealth health = new NodeHealth(born.server());

        MetadataEnvironment outside =
                new MetadataEnvironment(
                        clock,
                        environment.random(),
                        faults,
                        new GrpcBrokerProbe(born.sockets()),
                        new GrpcReplicaProbe(born.sockets()));
        NodeMetadata knowledge = NodeMetadata.start(config, born, environment, outside, stop);
        stop.add(Stage.QUORUM, "metadata", knowledge::close);
        MetadataSource metadata = knowledge.source();
        stop.add(Stage.LEAVE, "health", metadata.subscribeController(health::onController));

        Peer self = new Peer(nodeId, addresses.loopNode());
        ImageNodeChannels channels =
                new ImageNodeChannels(metadata, known(config, born), self, born.sockets(), clock);
        stop.add(Stage.REST, "channels", channels);

        RunningFile running = new RunningFile(config.dataDirectory());
        NodeStorage storage =
                NodeStorage.open(config, born.directories(), running, clock, health, faults);
        LogStore store = storage.store();
        stop.add(Stage.STORE, "log store", store);
        stop.add(Stage.REST, "running file", running::delete);
        ControllerCalls controller = calls(config, born, knowledge, channels, clock);
        LeaderStreams leaders = new LeaderStreams(nodeId, channels, born.control()::submit);
        stop.add(Stage.PARTITIONS, "streams to leaders", leaders);
        PartitionRegistry partitions =
                partitions(config, environment, store, metadata, leaders, controller);
        stop.add(Stage.PARTITIONS, "partitions", partitions);
        stop.add(Stage.PARTITIONS, "compaction", cleaning(config, environment, partitions));

        BrokerLifecycle lifecycle =
                new BrokerLifecycle(
                        membership(config, born, addresses, storage.keptEverything()),
                        metadata,
                        new GrpcSessionConnector(channels),
                        new BrokerEvents(health, partitions, leaders),
                        born.control(),
                        clock,
                        faults);
        NodeStop leaving =
                new NodeStop(nodeId, lifecycle, metadata, config.sessions().drainTimeout());
        stop.add(Stage.DRAIN, "drain", leaving::drain);
        stop.add(Stage.LEAVE, "membership", leaving::leave);

        new NodeServices(config, environment, born, knowledge, channels, controller)
                .serve(storage, partitions, lifecycle, stop);
        knowledge.follow(config, channels, environment, stop).join();
        watch(config, metadata, partitions, health, stop);
        awaitActive(lifecycle.start(), config);
        Node node = new Node(addresses, born.identity().clusterId(), born.identity().lostItsVote());
        running.put(node.facts(nodeId));
        return node;
    }

    /** Lets others look at the node. */
    private static void watch(
            NodeConfig config,
            MetadataSource metadata,
            PartitionRegistry partitions,
            NodeHealth health,
            StopSequence stop) {
        NodeMetrics metrics =
                NodeMetrics.of(
                        config.nodeId(),
                        metadata,
                        partitions,
                        config.settings().get(NodeKeys.METRICS_TOPIC_LABELS_MAX));
        stop.add(Stage.LEAVE, "metrics", metrics.subscription());
        AdminServer.ofSettings(config.settings(), metrics, health::notReady)
                .ifPresent(server -> stop.add(Stage.REST, "admin port", server));
    }

    /** Has records go that are too old, too many, or superseded by later ones. */
    private static LogCleaner cleaning(
            NodeConfig config, NodeEnvironment environment, PartitionRegistry partitions) {
        partitions.retainEvery(
                config.settings().get(NodeKeys.LOG_RETENTION_CHECK_INTERVAL),
                NodeStorage.retentionDefaults(config.settings()));
        return new LogCleaner(
                partitions::compacted,
                NodeStorage.cleanerSettings(config.settings()),
                environment.clock(),
                environment.faults());
    }

    /** Voters that the settings do not name are where they were when that was written down. */
    private static List<Peer> known(NodeConfig config, NodeBirth born) {
        List<Peer> known = new ArrayList<>();
        born.identity()
                .voters()
                .forEach(voter -> known.add(new Peer(voter.nodeId(), voter.nodeAddress())));
        known.addAll(config.quorum().peers());
        return known;
    }

    private static ControllerCalls calls(
            NodeConfig config,
            NodeBirth born,
            NodeMetadata knowledge,
            ImageNodeChannels channels,
            Clock clock) {
        return new ControllerCalls(
                config.nodeId(),
                knowledge.source(),
                knowledge::quorum,
                channels,
                config.serving().forwards(),
                born.control(),
                clock);
    }

    private static PartitionRegistry partitions(
            NodeConfig config,
            NodeEnvironment environment,
            LogStore store,
            MetadataSource metadata,
            LeaderStreams leaders,
            ControllerCalls controller) {
        return new PartitionRegistry(
                store,
                metadata,
                config.nodeId(),
                environment.clock(),
                environment.faults(),
                NodeStorage.logDefaults(config.topics()),
                new Outside(
                        leaders,
                        new ControllerIsrProposals(controller),
                        new LeaderCore(
                                LagBounds.of(
                                        config.settings().get(NodeKeys.REPLICA_LAG_TIME_MAX),
                                        config.sessions().sessionTimeout()))));
    }

    private static void awaitActive(CompletableFuture<Void> active, NodeConfig config) {
        try {
            active.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RejectedException refusal) {
                if (refusal.code() == ErrorCode.CLUSTER_MISMATCH) {
                    throw StartRefusedException.failed(
                            refusal.code().name(),
                            "the data directory "
                                    + config.dataDirectory()
                                    + " is of another cluster: "
                                    + refusal.getMessage(),
                            "correct data.dirs or metadata.peers; to bring this disk into the"
                                    + " cluster, empty it");
                }
                throw StartRefusedException.failed(
                        "NODE_ID_IN_USE",
                        refusal.getMessage(),
                        "give each node its own node.id and data directory");
            }
            throw e;
        }
    }

    private Map<String, String> facts(int nodeId) {
        return Map.of(
                "node.id",
                Integer.toString(nodeId),
                "cluster.id",
                clusterId,
                "client",
                addresses.client().toString(),
                "node",
                addresses.node().toString());
    }

    private static BrokerLifecycle.Config membership(
            NodeConfig config, NodeBirth born, NodeAddresses addresses, boolean keptEverything) {
        return new BrokerLifecycle.Config(
                new Registration(
                        config.nodeId(),
                        born.incarnationId(),
                        born.identity().clusterId(),
                        addresses.endpoints(),
                        config.rack(),
                        born.directories().usableIds(),
                        keptEverything,
                        Version.text()),
                config.sessions().heartbeatInterval(),
                config.sessions().sessionTimeout(),
                config.quorum().electionTimeout().multipliedBy(2));
    }
}
