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

    /** What each port is for, by its setting; in the order in which they are checked. */
    Map<String, Integer> ports() {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put("listeners", clientPort);
        ports.put("metadata.listener", metadataPort);
        ports.put("node.listener", nodePort);
        return ports;
    }

    /**
     * The node's settings file, complete: the node can be started from it without {@code kq dev}.
     */
    String config(List<DevNode> all) {
        String peers =
                all.stream()
                        .filter(DevNode::voter)
                        .map(voter -> voter.id + "@" + HOST + ":" + voter.nodePort)
                        .collect(Collectors.joining(","));
        return String.join(
                "\n",
                "# Written by `kq dev` at each start: changes here are lost.",
                "# For one setting of all nodes: kq dev --override KEY=VALUE",
                "node.id=" + id,
                "process.roles=" + (voter ? "broker,metadata" : "broker"),
                "data.dirs=" + escaped(directory.toAbsolutePath().normalize()),
                "listeners=" + clientAddress(),
                "advertised.listeners=" + clientAddress(),
                "metadata.listener=" + HOST + ":" + metadataPort,
                "node.listener=" + HOST + ":" + nodePort,
                "metadata.peers=" + peers,
                "log.segment.bytes=128MiB",
                "reflection.enabled=true",
                "");
    }

    /** A path as the value of a Java properties file; Windows' separators would be escapes. */
    private static String escaped(Path path) {
        return path.toString().replace("\\", "\\\\");
    }

    /** The nodes {@code 0} to {@code brokers - 1}, the first {@code voters} of them voting. */
    static List<DevNode> all(Path dataDirectory, DevState state) {
        return IntStream.range(0, state.brokers())
                .mapToObj(id -> of(id, dataDirectory, state.portBase(), id < state.voters()))
                .toList();
    }
}
