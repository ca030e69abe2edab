package io.kq.cli.dev;

import io.kq.cli.shell.CommandFailure;
import io.kq.runtime.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The running nodes of one {@code kq dev}. {@link #start}, {@link #awaitReady} and {@link #watch}
 * are called in this order on one thread; {@link #stop} on any, at any moment.
 *
 * <p>A node that ends after all were ready is reported and left alone: how the others go on without
 * it is what one wants to see. The command ends when none is left.
 */
final class DevCluster {

    /**
     * How long a cluster may take.
     *
     * @param ready from the start of the processes until all take requests
     * @param stop from the request to stop until a node is killed
     */
    record Patience(Duration ready, Duration stop) {

        /** A node that drains and closes its stores needs a few seconds at most. */
        static final Patience USUAL = new Patience(Duration.ofSeconds(60), Duration.ofSeconds(20));
    }

    private static final int SIGNALLED = 128;

    private final NodeLauncher launcher;
    private final Clock clock;
    private final Consumer<String> say;
    private final Patience patience;
    private final BlockingQueue<NodeProcess.Event> events = new LinkedBlockingQueue<>();

    /** Guarded by this: a stop must see every process that was started. */
    private final List<NodeProcess> processes = new ArrayList<>();

    /** Guarded by this. Once true, nothing is started and no end is reported. */
    private boolean stopping;

    /**
     * @param say shows the user a line; any thread
     */
    DevCluster(NodeLauncher launcher, Clock clock, Consumer<String> say, Patience patience) {
        this.launcher = launcher;
        this.clock = clock;
        this.say = say;
        this.patience = patience;
    }

    /** Writes the nodes' settings and starts their processes. */
    List<NodeProcess> start(
            List<DevNode> nodes, List<String> overrides, NodeLauncher.LogLevel logLevel)
            throws IOException {
        for (DevNode node : nodes) {
            Files.createDirectories(node.logDirectory());
            Files.writeString(node.configFile(), node.config(nodes));
        }
        for (DevNode node : nodes) {
            synchronized (this) {
                if (!stopping) {
                    Process process = launcher.start(node, nodes, overrides, logLevel);
                    processes.add(NodeProcess.watch(node, process, events));
                }
            }
        }
        synchronized (this) {
            return List.copyOf(processes);
        }
    }

    /**
     * Waits until every node takes requests.
     *
     * @return the cluster id; empty: a stop was asked for meanwhile
     * @throws CommandFailure a node ended, or was not ready in time; all are stopped
     */
    Optional<String> awaitReady() throws InterruptedException {
        long deadline = clock.nanoTime() + patience.ready().toNanos();
        Set<Integer> missing = new HashSet<>();
        snapshot().forEach(process -> missing.add(process.node().id()));
        String clusterId = "";
        while (!missing.isEmpty()) {
            NodeProcess.Event event =
                    events.poll(deadline - clock.nanoTime(), TimeUnit.NANOSECONDS);
            if (event instanceof NodeProcess.Ready ready) {
                missing.remove(ready.node().id());
                clusterId = ready.clusterId();
            } else if (isStopping()) {
                return Optional.empty();
            } else {
                throw failedStart(event, missing.iterator().next());
            }
        }
        return Optional.of(clusterId);
    }

    /** Reports the end of single nodes; returns when none is left or a stop was asked for. */
    void watch() throws InterruptedException {
        int running = snapshot().size();
        while (running > 0) {
            NodeProcess.Event event = events.take();
            if (event instanceof NodeProcess.Ended ended) {
                running--;
                report(ended, running);
            }
        }
    }

    /** Asks all nodes to stop, waits, and kills those that do not; returns when none runs. */
    void stop() {
        synchronized (this) {
            stopping = true;
        }
        List<NodeProcess> all = snapshot();
        all.forEach(NodeProcess::stop);
        long deadline = clock.nanoTime() + patience.stop().toNanos();
        try {
            for (NodeProcess process : all) {
                if (!process.waitForEnd(deadline - clock.nanoTime())) {
                    say.accept("kq dev: node " + process.node().id() + " does not stop; killed");
                    process.kill();
                }
            }
        } catch (InterruptedException e) {
            all.forEach(NodeProcess::kill);
            Thread.currentThread().interrupt();
        }
    }

    private CommandFailure failedStart(NodeProcess.@Nullable Event event, int slowNode) {
        int id = slowNode;
        String reason = "NODE_NOT_READY";
        String what = "was not ready within " + patience.ready().toSeconds() + " s";
        if (event instanceof NodeProcess.Ended ended) {
            id = ended.node().id();
            reason = "NODE_ENDED";
            what = "did not start: it ended (" + ending(ended) + ")";
        }
        NodeProcess process = processOf(id);
        for (String line : process.lastWords()) {
            say.accept("node " + id + "| " + line);
        }
        stop();
        return CommandFailure.local(reason, "Node " + id + " " + what + ".", null)
                .next("read its log in " + process.node().logDirectory());
    }

    private void report(NodeProcess.Ended ended, int running) {
        if (isStopping()) {
            return;
        }
        DevNode node = ended.node();
        say.accept(
                "kq dev: node " + node.id() + " ended (" + ending(ended) + "); " + left(running));
        if (running > 0) {
            say.accept("  restart it: kq server start --config " + node.configFile());
        } else {
            say.accept("  its log: " + node.logDirectory());
        }
    }

    private static String left(int running) {
        return switch (running) {
            case 0 -> "none is left";
            case 1 -> "the other goes on";
            default -> "the other " + running + " go on";
        };
    }

    private static String ending(NodeProcess.Ended ended) {
        int code = ended.exitCode();
        return code > SIGNALLED
                ? "exit " + code + ", signal " + (code - SIGNALLED)
                : "exit " + code;
    }

    private NodeProcess processOf(int id) {
        return snapshot().stream()
                .filter(process -> process.node().id() == id)
                .findFirst()
                .orElseThrow();
    }

    private synchronized boolean isStopping() {
        return stopping;
    }

    private synchronized List<NodeProcess> snapshot() {
        return List.copyOf(processes);
    }
}
