package io.kq.broker;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node does to stop, also one that is only half started: each part names its step when it is
 * made; {@link #run} goes through the stages in order. A step that fails does not keep the others
 * from running. Any thread.
 */
final class StopSequence {

    private static final Logger log = LoggerFactory.getLogger(StopSequence.class);

    /** In this order. */
    enum Stage {
        /** Others take over what this node leads. */
        DRAIN,
        /** The session with the controller ends. */
        LEAVE,
        /** Another voter leads the quorum: as early as can be, since all brokers need one. */
        QUORUM,
        /** No more requests. */
        SERVICES,
        /** Partitions write nothing more. */
        PARTITIONS,
        /** The log is on the disk, and marked as closed in good order. */
        STORE,
        /** Channels, event loops, locks. */
        REST
    }

    private record Step(String name, AutoCloseable action) {}

    private final Map<Stage, List<Step>> steps = new EnumMap<>(Stage.class);
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private boolean running;

    /** Adds a step. Once stopping has begun it runs at once, so that nothing is left behind. */
    void add(Stage stage, String name, AutoCloseable action) {
        Step step = new Step(name, action);
        synchronized (this) {
            if (!running) {
                steps.computeIfAbsent(stage, s -> new ArrayList<>()).add(step);
                return;
            }
        }
        run(step);
    }

    /** Whether stopping has begun. */
    synchronized boolean hasRun() {
        return running;
    }

    /** Blocks until all steps have run. */
    void awaitEnd() {
        ended.join();
    }

    /** Runs all steps; a second call does nothing. Blocking. */
    void run() {
        List<Step> ordered = new ArrayList<>();
        synchronized (this) {
            if (running) {
                return;
            }
            running = true;
            steps.values().forEach(ordered::addAll);
        }
        ordered.forEach(StopSequence::run);
        ended.complete(null);
    }

    private static void run(Step step) {
        log.debug("Stopping part={}", step.name());
        try {
            step.action().close();
        } catch (Exception e) {
            log.warn("Did not stop cleanly, going on part={}", step.name(), e);
        }
    }
}
