package io.kq.broker;

import static io.kq.broker.config.StartRefusedException.config;

import io.kq.broker.config.Host;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.HostPort.Peer;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node's settings, checked against each other.
 *
 * @param rack empty: none
 * @param settings all of them, and where each came from
 * @param dataDirectories never empty; the first one holds the metadata too
 */
public record NodeConfig(
        int nodeId,
        String rack,
        List<Path> dataDirectories,
        Listeners listeners,
        Quorum quorum,
        Topics topics,
        Sessions sessions,
        Serving serving,
        Own own,
        Settings settings) {

    public NodeConfig {
        dataDirectories = List.copyOf(dataDirectories);
    }

    /** The one that says who this node is, and holds its Raft log. */
    public Path dataDirectory() {
        return dataDirectories.get(0);
    }

    /**
     * Where the node listens and what it tells others.
     *
     * @param advertisedClient empty: as it listens
     * @param advertisedNode empty: as it listens
     */
    public record Listeners(
            HostPort client,
            Optional<HostPort> advertisedClient,
            HostPort node,
            Optional<HostPort> advertisedNode,
            HostPort metadata,
            boolean insecure) {}

    /**
     * The metadata quorum.
     *
     * @param peers the voters by their node ports; never empty
     */
    public record Quorum(List<Peer> peers, boolean isVoter, Duration electionTimeout) {
        public Quorum {
            peers = List.copyOf(peers);
        }
    }

    /** Defaults of topics and their logs. */
    public record Topics(
            int partitionCount,
            int replicationFactor,
            int segmentBytes,
            int messageBytesMax,
            boolean fsync) {}

    /** Sessions of brokers. */
    public record Sessions(
            Duration sessionTimeout, Duration heartbeatInterval, Duration drainTimeout) {}

    /** What the services allow. */
    public record Serving(long inflightBytesMax, boolean forwards, boolean reflection) {}

    /** This process' own log. */
    public record Own(boolean jsonLog, String logLevel, Optional<Path> logDirectory) {}

    /**
     * Puts the settings together.
     *
     * @throws io.kq.broker.config.StartRefusedException they contradict each other
     */
    public static NodeConfig from(Settings settings, Host host) {
        int nodeId = nodeId(settings, host);
        Listeners listeners = listeners(settings, nodeId);
        Quorum quorum = quorum(settings, nodeId, listeners);
        Sessions sessions =
                new Sessions(
                        settings.get(NodeKeys.BROKER_SESSION_TIMEOUT),
                        settings.get(NodeKeys.BROKER_HEARTBEAT_INTERVAL),
                        settings.get(NodeKeys.DRAIN_TIMEOUT));
        if (sessions.heartbeatInterval().multipliedBy(2).compareTo(sessions.sessionTimeout()) > 0) {
            throw config(
                    "INVALID_CONFIG",
                    "broker.heartbeat.interval is more than half of broker.session.timeout, so that"
                            + " one late heartbeat ends the session",
                    "make it a third or less");
        }
        return new NodeConfig(
                nodeId,
                settings.find(NodeKeys.RACK_ID).orElse(""),
                dataDirectories(settings),
                listeners,
                quorum,
                new Topics(
                        settings.get(NodeKeys.NUM_PARTITIONS),
                        settings.get(NodeKeys.DEFAULT_REPLICATION_FACTOR),
                        Math.toIntExact(settings.get(NodeKeys.LOG_SEGMENT_BYTES)),
                        Math.toIntExact(settings.get(NodeKeys.MAX_MESSAGE_BYTES)),
                        settings.get(NodeKeys.FLUSH).equals("fsync")),
                sessions,
                new Serving(
                        settings.get(NodeKeys.MAX_INFLIGHT_BYTES),
                        settings.get(NodeKeys.FORWARD_ENABLED),
                        settings.get(NodeKeys.REFLECTION_ENABLED)),
                new Own(
                        settings.get(NodeKeys.LOG_FORMAT).equals("json"),
                        settings.get(NodeKeys.LOGGING_LEVEL),
                        settings.find(NodeKeys.LOGGING_DIRECTORY).map(Path::of)),
                settings);
    }

    private static int nodeId(Settings settings, Host host) {
        Optional<Integer> given =
                settings.find(NodeKeys.NODE_ID)
                        .orElseThrow(
                                () ->
                                        config(
                                                "MISSING_CONFIG",
                                                "node.id is not set",
                                                "give each node its own number, from 0"));
        if (given.isPresent()) {
            return given.get();
        }
        if (!host.inPod()) {
            throw config(
                    "INVALID_CONFIG",
                    "node.id=auto outside of a pod: host names are no numbers to build on",
                    "set node.id to a number");
        }
        int ordinal =
                host.ordinal()
                        .orElseThrow(
                                () ->
                                        config(
                                                "INVALID_CONFIG",
                                                "node.id=auto, but the host name '"
                                                        + host.name()
                                                        + "' does not end with a number",
                                                "run it in a StatefulSet, or set node.id"));
        return ordinal + settings.get(NodeKeys.NODE_ID_OFFSET);
    }

    private static List<Path> dataDirectories(Settings settings) {
        List<Path> directories = new ArrayList<>();
        for (String text : settings.get(NodeKeys.DATA_DIRS).split(",", -1)) {
            if (text.isBlank()) {
                throw config(
                        "INVALID_CONFIG",
                        "data.dirs has an empty name in it",
                        "separate directories by one comma");
            }
            Path directory = Path.of(text.strip()).toAbsolutePath().normalize();
            for (Path other : directories) {
                if (directory.startsWith(other) || other.startsWith(directory)) {
                    throw config(
                            "INVALID_CONFIG",
                            "data.dirs names "
                                    + other
                                    + " and "
                                    + directory
                                    + ", which are not apart",
                            "give each disk one directory of its own");
                }
            }
            directories.add(directory);
        }
        return directories;
    }

    private static Listeners listeners(Settings settings, int nodeId) {
        Listeners listeners =
                new Listeners(
                        settings.get(NodeKeys.LISTENERS),
                        settings.find(NodeKeys.ADVERTISED_LISTENERS),
                        settings.get(NodeKeys.NODE_LISTENER),
                        settings.find(NodeKeys.ADVERTISED_NODE_LISTENER)
                                .or(() -> ownAddress(settings, nodeId)),
                        settings.get(NodeKeys.METADATA_LISTENER),
                        settings.get(NodeKeys.SECURITY_INSECURE));
        if (!listeners.insecure()) {
            refuseOffLoopback(NodeKeys.LISTENERS.name(), listeners.client());
            refuseOffLoopback(NodeKeys.NODE_LISTENER.name(), listeners.node());
            refuseOffLoopback(NodeKeys.METADATA_LISTENER.name(), listeners.metadata());
            refuseOffLoopback(
                    NodeKeys.ADMIN_LISTENER.name(), settings.get(NodeKeys.ADMIN_LISTENER));
        }
        return listeners;
    }

    private static void refuseOffLoopback(String key, HostPort listener) {
        if (!listener.isLoopback()) {
            throw config(
                    "INSECURE_LISTENER",
                    key + "=" + listener + " is reachable from outside, without TLS",
                    "listen on 127.0.0.1, or set security.insecure=true in a network you trust");
        }
    }

    private static Optional<HostPort> ownAddress(Settings settings, int nodeId) {
        return settings.find(NodeKeys.METADATA_PEERS).stream()
                .flatMap(List::stream)
                .filter(peer -> peer.nodeId() == nodeId)
                .map(Peer::address)
                .findFirst();
    }

    private static Quorum quorum(Settings settings, int nodeId, Listeners listeners) {
        List<Peer> peers =
                settings.find(NodeKeys.METADATA_PEERS)
                        .orElseGet(() -> List.of(new Peer(nodeId, listeners.node())));
        boolean isVoter = peers.stream().anyMatch(peer -> peer.nodeId() == nodeId);
        String roles = settings.get(NodeKeys.PROCESS_ROLES);
        if (!roles.equals("auto") && isVoter != roles.contains("metadata")) {
            throw config(
                    "INVALID_CONFIG",
                    "process.roles="
                            + roles
                            + ", but metadata.peers "
                            + (isVoter ? "names" : "does not name")
                            + " node "
                            + nodeId,
                    "leave process.roles out: it follows from metadata.peers");
        }
        boolean othersNeedPorts = isVoter && peers.size() > 1;
        if (othersNeedPorts && (listeners.node().port() == 0 || listeners.metadata().port() == 0)) {
            throw config(
                    "INVALID_CONFIG",
                    "node.listener and metadata.listener need fixed ports where there are several"
                            + " voters",
                    "give them port numbers; 0 is for a lone voter");
        }
        for (Peer peer : peers) {
            boolean self = peer.nodeId() == nodeId;
            if (!self && (peer.address().port() == 0 || peer.address().isWildcard())) {
                throw config(
                        "INVALID_CONFIG",
                        "metadata.peers has an address that cannot be dialled: " + peer,
                        "write the host and node port that others reach it by");
            }
        }
        return new Quorum(peers, isVoter, settings.get(NodeKeys.METADATA_ELECTION_TIMEOUT));
    }
}
