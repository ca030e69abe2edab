package io.kq.cli.dev;

import io.kq.runtime.Clock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The running nodes of one {@code kq dev}. {@link #start}, {@link #awaitReady} and {@link #watch}
 * are called in this order on one thread; {@link #stop} on any, at any moment.
 *
 * <p>A node that ends after all were ready is reported and left alone: how the others go on without
 * it is what one wants to see. The command ends when none is left.
 */
final class DevCluster {

    private static final Duration READY_BOUND = Duration.ofSeconds(60);

    /** A node that drains and closes its stores needs a few seconds at most. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(20);

    private static final int SIGNALLED = 128;

    private final NodeLauncher launcher;
    private final Clock clock;
    private final PrintWriter err;
    private final BlockingQueue<NodeProcess.Event> events = new LinkedBlockingQueue<>();

    /** Guarded by this: a stop must see every process that was started. */
    private final List<NodeProcess> processes = new ArrayList<>();

    /** Guarded by this. Once true, nothing is started and no end is reported. */
    private boolean stopping;

    DevCluster(NodeLauncher launcher, Clock clock, PrintWriter err) {
        this.launcher = launcher;
        this.clock = clock;
        this.err = err;
    }

    /** Writes the nodes' settings and starts their processes. */
    List<NodeProcess> start(List<DevNode> nodes, List<String> overrides, String logLevel)
            throws IOException {
        for (DevNode node : nodes) {
            Files.createDirectories(node.logDirectory());
            Files.writeString(node.configFile(), node.config(nodes));
        }
        for (DevNode node : nodes) {
            synchronized (this) {
                if (!stopping) {
                    Process process = launcher.start(node, overrides, logLevel);
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
     * @return the cluster id
     * @throws DevRefusedException a node ended, or was not ready in time; all are stopped
     */
    String awaitReady() throws InterruptedException {
        long deadline = clock.nanoTime() + READY_BOUND.toNanos();
        Set<Integer> missing = new HashSet<>();
        snapshot().forEach(process -> missing.add(process.node().id()));
        String clusterId = "";
        while (!missing.isEmpty()) {
            NodeProcess.Event event =
                    events.poll(deadline - clock.nanoTime(), TimeUnit.NANOSECONDS);
            if (event instanceof NodeProcess.Ready ready) {
                missing.remove(ready.node().id());
                clusterId = ready.clusterId();
            } else {
                throw failedStart(event, missing.iterator().next());
            }
        }
        return clusterId;
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
        long deadline = clock.nanoTime() + STOP_BOUND.toNanos();
        try {
            for (NodeProcess process : all) {
                if (!process.waitForEnd(deadline - clock.nanoTime())) {
                    err.println("kq dev: node " + process.node().id() + " does not stop; killed");
                    err.flush();
                    process.kill();
                }
            }
        } catch (InterruptedException e) {
            all.forEach(NodeProcess::kill);
            Thread.currentThread().interrupt();
        }
    }

    private DevRefusedException failedStart(
            NodeProcess.@org.jspecify.annotations.Nullable Event event, int slowNode) {
        boolean ended = event instanceof NodeProcess.Ended;
        int id = event instanceof NodeProcess.Ended dead ? dead.node().id() : slowNode;
        NodeProcess process = processOf(id);
        stop();
        for (String line : process.lastWords()) {
            err.println("node " + id + "| " + line);
        }
        String what =
                event instanceof NodeProcess.Ended dead
                        ? "Node " + id + " did not start: it ended (" + ending(dead) + ")."
                        : "Node " + id + " was not ready in " + READY_BOUND.toSeconds() + " s.";
        return new DevRefusedException(
                DevRefusedException.FAILED,
                ended ? "NODE_ENDED" : "NODE_NOT_READY",
                what,
                "read its log in " + process.node().logDirectory());
    }

    private void report(NodeProcess.Ended ended, int running) {
        synchronized (this) {
            if (stopping) {
                return;
            }
        }
        DevNode node = ended.node();
        err.println(
                "kq dev: node " + node.id() + " ended (" + ending(ended) + "); " + left(running));
        if (running > 0) {
            err.println("  restart it: kq server start --config " + node.configFile());
        } else {
            err.println("  its log: " + node.logDirectory());
        }
        err.flush();
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

    private synchronized List<NodeProcess> snapshot() {
        return List.copyOf(processes);
    }
}
