package io.kq.broker;

import io.kq.broker.StopSequence.Stage;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.membership.BrokerLifecycle;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.rpc.node.GrpcBrokerProbe;
import io.kq.broker.rpc.node.GrpcSessionConnector;
import io.kq.broker.rpc.node.ImageNodeChannels;
import io.kq.log.LogStore;
import io.kq.metadata.MetadataEnvironment;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.controller.BrokerSessions.Registration;
import io.kq.runtime.Clock;
import io.kq.runtime.FaultHandler;
import java.util.List;

/**
 * A node, as constructor calls: who it is, what it knows of the cluster, what it stores, how it
 * becomes a member, what it serves. What each part needs to stop stands beside its start.
 *
 * @param clusterId of the cluster it is a member of
 */
record Node(NodeAddresses addresses, String clusterId) {

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
                        clock, environment.random(), faults, new GrpcBrokerProbe(born.sockets()));
        NodeMetadata knowledge = NodeMetadata.start(config, born, outside);
        stop.add(Stage.QUORUM, "metadata", knowledge::close);
        MetadataSource metadata = knowledge.source();
        stop.add(Stage.LEAVE, "health", metadata.subscribeController(health::onController));

        Peer self = new Peer(nodeId, addresses.loopNode());
        ImageNodeChannels channels =
                new ImageNodeChannels(
                        metadata, config.quorum().peers(), self, born.sockets(), clock);
        stop.add(Stage.REST, "channels", channels);

        NodeStorage storage = NodeStorage.open(config.dataDirectory(), clock, health);
        LogStore store = storage.store();
        stop.add(Stage.STORE, "log store", store);
        PartitionRegistry partitions =
                new PartitionRegistry(
                        store,
                        metadata,
                        nodeId,
                        clock,
                        faults,
                        NodeStorage.logDefaults(config.topics()));
        stop.add(Stage.PARTITIONS, "partitions", partitions);

        BrokerLifecycle lifecycle =
                new BrokerLifecycle(
                        membership(config, born, addresses, store.wasCleanShutdown()),
                        metadata,
                        new GrpcSessionConnector(channels),
                        new BrokerEvents(health, partitions),
                        born.control(),
                        clock,
                        faults);
        NodeStop leaving =
                new NodeStop(nodeId, lifecycle, metadata, config.sessions().drainTimeout());
        stop.add(Stage.DRAIN, "drain", leaving::drain);
        stop.add(Stage.LEAVE, "membership", leaving::leave);

        new NodeServices(config, environment, born, knowledge, channels)
                .serve(storage, partitions, lifecycle, stop);
        knowledge.follow(config, born, channels, environment).join();
        lifecycle.start().join();
        return new Node(addresses, born.identity().clusterId());
    }

    private static BrokerLifecycle.Config membership(
            NodeConfig config, NodeBirth born, NodeAddresses addresses, boolean cleanShutdown) {
        return new BrokerLifecycle.Config(
                new Registration(
                        config.nodeId(),
                        born.incarnationId(),
                        born.identity().clusterId(),
                        addresses.endpoints(),
                        config.rack(),
                        List.of(born.identity().directoryId()),
                        cleanShutdown,
                        Version.text()),
                config.sessions().heartbeatInterval(),
                config.sessions().sessionTimeout());
    }
}
