package io.kq.cli.dev;

import io.kq.runtime.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A running node of a dev cluster. A thread of its own reads what the node says on stdout and
 * reports {@link Ready} and {@link Ended} to a queue; the other methods are for any thread.
 */
final class NodeProcess {

    /** Something that the one who started the node wants to know. */
    sealed interface Event permits Ready, Ended {}

    /** The node takes requests. */
    record Ready(DevNode node, String clusterId) implements Event {}

    /** The node's process is gone; {@code exitCode} is 128 + the signal if one ended it. */
    record Ended(DevNode node, int exitCode) implements Event {}

    /** {@code kq node 0 ready cluster=... client=127.0.0.1:9092}. */
    private static final Pattern READY = Pattern.compile("kq node \\d+ ready cluster=(\\S+).*");

    private static final int TAIL_LINES = 20;

    private final DevNode node;
    private final Process process;
    private final BlockingQueue<Event> events;

    private NodeProcess(DevNode node, Process process, BlockingQueue<Event> events) {
        this.node = node;
        this.process = process;
        this.events = events;
    }

    /** Begins to listen to {@code process}, which runs {@code node}. */
    static NodeProcess watch(DevNode node, Process process, BlockingQueue<Event> events) {
        NodeProcess watched = new NodeProcess(node, process, events);
        Threads.named("kq-dev-node-" + node.id()).newThread(watched::listen).start();
        return watched;
    }

    DevNode node() {
        return node;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks the node to stop; returns at once. */
    void stop() {
        process.destroy();
    }

    /** Waits for the end at most {@code nanos}; false: it still runs. */
    boolean waitForEnd(long nanos) throws InterruptedException {
        return process.waitFor(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    /** Ends the process without asking it. */
    void kill() {
        process.destroyForcibly();
    }

    /** The last lines of what the node said on stderr, or of its log if it said nothing there. */
    List<String> lastWords() {
        List<String> said = tailOf(node.stderrFile());
        return said.isEmpty() ? tailOf(node.logDirectory().resolve("kq.log")) : said;
    }

    private void listen() {
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher ready = READY.matcher(line);
                if (ready.matches()) {
                    events.add(new Ready(node, ready.group(1)));
                }
            }
        } catch (IOException e) {
            // The pipe broke: the process is ending, and that is what is reported.
        }
        try {
            events.add(new Ended(node, process.waitFor()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> tailOf(java.nio.file.Path file) {
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }
}
