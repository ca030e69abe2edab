package io.kq.cli.dev;

import io.kq.runtime.Clock;
import io.kq.runtime.Threads;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code kq dev}: a cluster of real node processes on the loopback interface, its data kept between
 * runs. Runs until Ctrl-C, SIGTERM, or the end of its last node.
 */
@Command(
        name = "dev",
        description = "Runs a cluster on this machine, for development.",
        footer = {
            "",
            "Node i has the ports PORT+10i (clients), PORT+10i+1 (metadata) and PORT+10i+2",
            "(node to node). Its settings and logs: DIR/node-<i>. Ctrl-C stops all nodes and",
            "keeps the data. A node that dies is reported; the others go on without it.",
            "",
            "Examples:",
            "  kq dev                       one broker, data in ./kq-data",
            "  kq dev --brokers 3           three brokers",
            "  kq dev --data /tmp/a --port-base 19092",
            "                               a second cluster beside the first",
            "  kq dev --fresh               throw the old data away first"
        })
public final class DevCommand implements Callable<Integer> {

    private static final double MILLIS_PER_SECOND = 1000.0;

    @Spec private CommandSpec spec;

    @Option(
            names = "--brokers",
            paramLabel = "N",
            description = "Number of nodes (default: as many as before, else 1).")
    private @Nullable Integer brokers;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "kq-data",
            description = "Where the data is kept (default: ./kq-data).")
    private Path data;

    @Option(
            names = "--fresh",
            description = "Delete the cluster's data in DIR first, without asking.")
    private boolean fresh;

    @Option(
            names = "--port-base",
            paramLabel = "PORT",
            description = "Client port of node 0 (default: as before, else 9092).")
    private @Nullable Integer portBase;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            defaultValue = "INFO",
            description = "Of the nodes' logs: ERROR, WARN, INFO, DEBUG, TRACE (default: INFO).")
    private LogLevel logLevel;

    @Option(
            names = "--override",
            paramLabel = "KEY=VALUE",
            description = "A setting for every node. Can be given again.")
    private List<String> overrides = List.of();

    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter err = spec.commandLine().getErr();
        try (DevDirectory directory = DevDirectory.open(data)) {
            run(directory, NodeLauncher.ofThisDistribution());
            return DevRefusedException.FAILED;
        } catch (DevRefusedException refused) {
            err.println(refused.text());
            err.flush();
            return refused.exitCode();
        }
    }

    /** Returns when the last node ended by itself; a signal ends the process inside. */
    private void run(DevDirectory directory, NodeLauncher launcher)
            throws IOException, InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        directory.awaitFormerNodes();
        DevState state = plan(directory);
        List<DevNode> nodes = DevNode.all(directory.path(), state);
        FreePorts.check(nodes);
        if (fresh) {
            int deleted = directory.deleteCluster();
            err.println("kq dev: deleted the data of " + deleted + " node(s) in " + data);
            err.flush();
        }
        directory.remember(state, Map.of());
        DevCluster cluster = new DevCluster(launcher, Clock.system(), err);
        Threads.onShutdown("kq-dev-stop", cluster::stop);
        List<NodeProcess> processes = cluster.start(nodes, overrides, logLevel.name());
        Map<String, String> facts = facts(processes);
        directory.remember(state, facts);
        String clusterId = cluster.awaitReady();
        facts.put("cluster.id", clusterId);
        directory.remember(state, facts);
        announce(clusterId, nodes);
        cluster.watch();
    }

    private DevState plan(DevDirectory directory) throws IOException {
        Optional<DevState> former = directory.state();
        int base = former.map(DevState::portBase).orElse(DevState.DEFAULT_PORT_BASE);
        int wantedBase = portBase == null ? base : portBase;
        if (former.isEmpty() || fresh) {
            return DevState.born(brokers == null ? 1 : brokers, wantedBase);
        }
        int count = brokers == null ? former.get().brokers() : brokers;
        return former.get().grownTo(count).movedTo(wantedBase);
    }

    private static Map<String, String> facts(List<NodeProcess> processes) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("dev.pid", Long.toString(ProcessHandle.current().pid()));
        for (NodeProcess process : processes) {
            String prefix = "node." + process.node().id() + ".";
            facts.put(prefix + "pid", Long.toString(process.pid()));
            process.node()
                    .ports()
                    .forEach((key, port) -> facts.put(prefix + key, DevNode.HOST + ":" + port));
        }
        return facts;
    }

    private void announce(String clusterId, List<DevNode> nodes) {
        String brokerList =
                nodes.stream()
                        .map(node -> node.id() + "@" + node.clientAddress())
                        .collect(Collectors.joining(","));
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "kq dev: cluster %s ready in %.1f s   brokers %s%n",
                clusterId,
                secondsSinceStart(),
                brokerList);
        String client = nodes.get(0).clientAddress();
        if (nodes.get(0).clientPort() != DevState.DEFAULT_PORT_BASE) {
            out.println("  first: export KQ_BOOTSTRAP_SERVER=" + client);
        }
        out.println(
                "  try: kq topics --create --topic hello --partitions 3   |   kq produce -t hello"
                        + "   |   kq consume -t hello --from-beginning");
        out.flush();
    }

    /** Since this process began: what a user at a keyboard waited. */
    private static double secondsSinceStart() {
        long now = Clock.system().epochMillis();
        long began =
                ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(Instant::toEpochMilli)
                        .orElse(now);
        return (now - began) / MILLIS_PER_SECOND;
    }
}
