package io.kq.broker;

import io.kq.broker.NodeConfig.Listeners;
import io.kq.broker.config.Host;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.rpc.server.NodeServer;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.BrokerImage.Endpoint;
import java.util.List;

/**
 * What this node tells others of where it is.
 *
 * @param client for clients
 * @param node for other nodes
 * @param loopNode the node port as this process itself reaches it
 */
record NodeAddresses(HostPort client, HostPort node, HostPort loopNode) {

    private static final String PLAINTEXT = "PLAINTEXT";

    /** From the settings and the ports that were really opened. */
    static NodeAddresses of(NodeConfig config, NodeServer server, Host host) {
        return of(config.listeners(), server.clientPort(), server.nodePort(), host);
    }

    static NodeAddresses of(Listeners listeners, int clientPort, int nodePort, Host host) {
        HostPort client =
                advertised(
                        listeners.advertisedClient().orElse(listeners.client()), clientPort, host);
        HostPort node =
                advertised(listeners.advertisedNode().orElse(listeners.node()), nodePort, host);
        HostPort loop =
                listeners.node().isWildcard()
                        ? new HostPort("127.0.0.1", nodePort)
                        : listeners.node().withPort(nodePort);
        return new NodeAddresses(client, node, loop);
    }

    /**
     * Where other voters reach this one's Raft port: at the host by which they reach its node port.
     */
    static HostPort raft(NodeConfig config, HostPort bound, Host host) {
        if (!bound.isWildcard()) {
            return bound;
        }
        return config.quorum().peers().stream()
                .filter(peer -> peer.nodeId() == config.nodeId())
                .map(Peer::address)
                .filter(address -> !address.isWildcard())
                .findFirst()
                .or(() -> config.listeners().advertisedNode())
                .filter(address -> !address.isWildcard())
                .map(address -> address.withPort(bound.port()))
                .orElse(new HostPort(host.qualifiedName(), bound.port()));
    }

    List<Endpoint> endpoints() {
        return List.of(
                new Endpoint(BrokerImage.CLIENT_LISTENER, client.host(), client.port(), PLAINTEXT),
                new Endpoint(BrokerImage.NODE_LISTENER, node.host(), node.port(), PLAINTEXT));
    }

    private static HostPort advertised(HostPort given, int boundPort, Host host) {
        HostPort reachable =
                given.isWildcard() ? new HostPort(host.qualifiedName(), given.port()) : given;
        return reachable.port() == 0 ? reachable.withPort(boundPort) : reachable;
    }
}
