package io.kq.system.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Some node processes that know each other. The first one or three are voters. */
public final class Cluster implements AutoCloseable {

    private final List<NodeProcess> nodes = new ArrayList<>();

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
        Cluster cluster = new Cluster();
        int voters = count < 3 ? 1 : 3;
        List<String> nodeListeners = new ArrayList<>();
        List<String> peers = new ArrayList<>();
        for (int id = 0; id < count; id++) {
            nodeListeners.add("127.0.0.1:" + FreePorts.next());
            if (id < voters) {
                peers.add(id + "@" + nodeListeners.get(id));
            }
        }
        for (int id = 0; id < count; id++) {
            Map<String, String> settings = new TreeMap<>(more);
            settings.put("node.id", Integer.toString(id));
            settings.put("listeners", "127.0.0.1:" + FreePorts.next());
            settings.put("node.listener", nodeListeners.get(id));
            settings.put("metadata.listener", "127.0.0.1:" + FreePorts.next());
            settings.put("metadata.peers", String.join(",", peers));
            Path home = directory.resolve("node-" + id);
            settings.put("data.dirs", home.resolve("data").toString());
            cluster.nodes.add(new NodeProcess(id, home, settings));
        }
        return cluster;
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
    }
}
