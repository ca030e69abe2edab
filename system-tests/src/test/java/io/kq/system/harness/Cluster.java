package io.kq.system.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Some node processes that know each other. The first one or three are voters. */
public final class Cluster implements AutoCloseable {

    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<TcpProxy> proxies = new ArrayList<>();

    private Cluster() {}

    /** Starts {@code count} nodes below {@code directory} and waits until all are ready. */
    public static Cluster start(Path directory, int count) {
        Cluster cluster = prepare(directory, count, Map.of());
        cluster.nodes.forEach(NodeProcess::start);
        cluster.nodes.forEach(NodeProcess::awaitReady);
        return cluster;
    }

    /** Makes the nodes without starting them. */
    public static Cluster prepare(Path directory, int count) {
        return prepare(directory, count, Map.of());
    }

    /** The same with more settings for all of them. */
    public static Cluster prepare(Path directory, int count, Map<String, String> more) {
        return prepare(new Cluster(), directory, count, more, false);
    }

    /**
     * Starts nodes that reach each other's node ports through proxies, and waits until all are
     * ready.
     */
    public static Cluster startBehindProxies(Path directory, int count) {
        Cluster cluster = prepare(new Cluster(), directory, count, Map.of(), true);
        cluster.nodes.forEach(NodeProcess::start);
        cluster.nodes.forEach(NodeProcess::awaitReady);
        return cluster;
    }

    private static Cluster prepare(
            Cluster cluster,
            Path directory,
            int count,
            Map<String, String> more,
            boolean behindProxies) {
        int voters = count < 3 ? 1 : 3;
        List<String> nodeListeners = new ArrayList<>();
        List<String> peers = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            int port = FreePorts.next();
            nodeListeners.add("127.0.0.1:" + port);
            if (behindProxies) {
                cluster.proxies.add(new TcpProxy(port));
            }
            if (id < voters) {
                peers.add(id + "@" + cluster.nodeAddress(id, nodeListeners.get(id)));
            }
        }
        for (int id = 0; id < count; id++) {
            Map<String, String> settings = new TreeMap<>(more);
            settings.put("node.id", Integer.toString(id));
            settings.put("listeners", "127.0.0.1:" + FreePorts.next());
            settings.put("node.listener", nodeListeners.get(id));
            settings.put(
                    "advertised.node.listener", cluster.nodeAddress(id, nodeListeners.get(id)));
            settings.put("metadata.listener", "127.0.0.1:" + FreePorts.next());
            settings.put("metadata.peers", String.join(",", peers));
            Path home = directory.resolve("node-" + id);
            settings.put("data.dirs", home.resolve("data").toString());
            cluster.nodes.add(new NodeProcess(id, home, settings));
        }
        return cluster;
    }

    private String nodeAddress(int id, String listener) {
        return proxies.isEmpty() ? listener : proxies.get(id).address();
    }

    /** What stands in front of a node's port for other nodes, if it is behind one. */
    public TcpProxy proxy(int id) {
        return proxies.get(id);
    }

    public NodeProcess node(int id) {
        return nodes.get(id);
    }

    public List<NodeProcess> nodes() {
        return List.copyOf(nodes);
    }

    /** All client addresses, as {@code --bootstrap-server} takes them. */
    public String bootstrap() {
        return String.join(",", nodes.stream().map(NodeProcess::address).toList());
    }

    @Override
    public void close() {
        nodes.forEach(NodeProcess::close);
        proxies.forEach(TcpProxy::close);
    }
}
