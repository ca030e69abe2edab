package io.kq.cli.dev;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One node of a dev cluster: its id, its directory, its ports on the loopback interface and whether
 * it votes on metadata. Immutable.
 */
record DevNode(
        int id, Path directory, int clientPort, int metadataPort, int nodePort, boolean voter) {

    static final String HOST = "127.0.0.1";

    private static final int PORTS_BETWEEN_NODES = 10;
    private static final int ADMIN_PORT_AFTER_CLIENT = 3;

    /** Node {@code id} of a cluster whose first client port is {@code portBase}. */
    static DevNode of(int id, Path dataDirectory, int portBase, boolean voter) {
        int first = portBase + PORTS_BETWEEN_NODES * id;
        Path directory = dataDirectory.resolve("node-" + id);
        return new DevNode(id, directory, first, first + 1, first + 2, voter);
    }

    Path configFile() {
        return directory.resolve("kq.properties");
    }

    Path logDirectory() {
        return directory.resolve("logs");
    }

    /** Where the node's stderr goes; started anew with each process. */
    Path stderrFile() {
        return logDirectory().resolve("stderr.log");
    }

    String clientAddress() {
        return HOST + ":" + clientPort;
    }

    private int adminPort() {
        return clientPort + ADMIN_PORT_AFTER_CLIENT;
    }

    /** What each port is for, by its setting; in the order in which they are checked. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("listeners", clientPort);
        ports.put("metadata.listener", metadataPort);
        ports.put("node.listener", nodePort);
        ports.put("admin.listener", adminPort());
        return ports;
    }

    /** What makes this node this node of this cluster, by key. */
    Map<String, String> settings(List<DevNode> all) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("node.id", Integer.toString(id));
        settings.put("process.roles", voter ? "broker,metadata" : "broker");
        settings.put("data.dirs", directory.toAbsolutePath().normalize().toString());
        settings.put("listeners", clientAddress());
        settings.put("advertised.listeners", clientAddress());
        settings.put("metadata.listener", HOST + ":" + metadataPort);
        settings.put("node.listener", HOST + ":" + nodePort);
        settings.put("admin.listener", HOST + ":" + adminPort());
        settings.put(
                "metadata.peers",
                all.stream()
                        .filter(DevNode::voter)
                        .map(peer -> peer.id + "@" + HOST + ":" + peer.nodePort)
                        .collect(Collectors.joining(",")));
        settings.put("coordination.shards", "1");
        settings.put("log.segment.bytes", "128MiB");
        settings.put("reflection.enabled", "true");
        return settings;
    }

    /**
     * The node's settings file, complete: the node can be started from it without {@code kq dev}.
     */
    String config(List<DevNode> all) {
        StringBuilder text = new StringBuilder();
        text.append("# Written by `kq dev` at each start: changes here are lost.\n");
        text.append("# A setting for all nodes: kq dev --override KEY=VALUE\n");
        settings(all).forEach((key, value) -> text.append(key + "=" + escaped(value) + "\n"));
        return text.toString();
    }

    /** As the value in a Java properties file; Windows' separators of paths would be escapes. */
    private static String escaped(String value) {
        return value.replace("\\", "\\\\");
    }

    /** The nodes {@code 0} to {@code brokers - 1}, the first {@code voters} of them voting. */
    static List<DevNode> all(Path dataDirectory, DevState state) {
        return IntStream.range(0, state.brokers())
                .mapToObj(id -> of(id, dataDirectory, state.portBase(), id < state.voters()))
                .toList();
    }
}
