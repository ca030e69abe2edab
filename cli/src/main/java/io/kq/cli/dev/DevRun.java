package io.kq.cli.dev;

import io.kq.cli.shell.Terminal;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One {@code kq dev} from the look at the directory to the end of the last node. One thread. */
final class DevRun {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Terminal terminal;
    private final NodeLauncher launcher;
    private final long beganNanos;

    /**
     * What was typed.
     *
     * @param brokers null: as many as before
     * @param portBase null: as before
     * @param fresh whether the former data goes first
     */
    record Wish(
            @Nullable Integer brokers,
            @Nullable Integer portBase,
            boolean fresh,
            List<String> overrides,
            NodeLauncher.LogLevel logLevel) {

        DevState state(Optional<DevState> former) {
            int base =
                    portBase != null
                            ? portBase
                            : former.map(DevState::portBase).orElse(DevState.DEFAULT_PORT_BASE);
            if (former.isEmpty() || fresh) {
                return DevState.born(brokers == null ? 1 : brokers, base);
            }
            int count = brokers == null ? former.get().brokers() : brokers;
            return former.get().grownTo(count).movedTo(base);
        }
    }

    DevRun(Terminal terminal, NodeLauncher launcher) {
        this.terminal = terminal;
        this.launcher = launcher;
        this.beganNanos = terminal.clock().nanoTime();
    }

    /** Returns when no node runs any more. */
    void run(DevDirectory directory, Wish wish) throws IOException, InterruptedException {
        DevCluster cluster =
                new DevCluster(
                        launcher, terminal.clock(), terminal::errorLine, DevCluster.Patience.USUAL);
        directory.awaitFormerNodes();
        DevState state = wish.state(directory.state());
        List<DevNode> nodes = DevNode.all(directory.path(), state);
        FreePorts.check(nodes);
        if (wish.fresh()) {
            int deleted = directory.deleteCluster();
            terminal.errorLine(
                    "kq dev: deleted the data of " + deleted + " node(s) in " + directory.path());
        }
        directory.remember(state, Map.of());
        terminal.interrupts()
                .onInterrupt(
                        () -> {
                            terminal.errorLine("kq dev: stopping");
                            cluster.stop();
                        });
        Map<String, String> facts = facts(cluster.start(nodes, wish.overrides(), wish.logLevel()));
        directory.remember(state, facts);
        Optional<String> clusterId = cluster.awaitReady();
        if (clusterId.isPresent()) {
            facts.put("cluster.id", clusterId.get());
            directory.remember(state, facts);
            announce(clusterId.get(), nodes);
        }
        cluster.watch();
    }

    private static Map<String, String> facts(List<NodeProcess> processes) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("dev.pid", Long.toString(ProcessHandle.current().pid()));
        for (NodeProcess process : processes) {
            String prefix = "node." + process.node().id() + ".";
            facts.put(prefix + "pid", Long.toString(process.pid()));
            process.node()
                    .ports()
                    .forEach((use, port) -> facts.put(prefix + use, DevNode.HOST + ":" + port));
        }
        return facts;
    }

    private void announce(String clusterId, List<DevNode> nodes) {
        String brokers =
                nodes.stream()
                        .map(node -> node.id() + "@" + node.clientAddress())
                        .collect(Collectors.joining(","));
        terminal.println(
                String.format(
                        Locale.ROOT,
                        "kq dev: cluster %s ready in %.1f s   brokers %s",
                        clusterId,
                        (terminal.clock().nanoTime() - beganNanos) / NANOS_PER_SECOND,
                        brokers));
        DevNode first = nodes.get(0);
        if (first.clientPort() != DevState.DEFAULT_PORT_BASE) {
            terminal.println("  first: export KQ_BOOTSTRAP_SERVER=" + first.clientAddress());
        }
        terminal.println(
                "  try: kq topics --create --topic hello --partitions 3   |   kq produce -t hello"
                        + "   |   kq consume -t hello --from-beginning");
        terminal.flush();
    }
}
