package io.kq.broker.partition.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A machine with a disk, and perhaps a process on it that runs or stands still. */
final class SimulatedNode {

    private final int id;
    private final World world;

    /** By partition; null: the disk has no such replica. */
    private final @Nullable ReplicaLog[] logs;

    private UUID directoryId;

    /** The last stop was no good one, and the machine was off since: not registered yet. */
    private boolean uncleanMark;

    private boolean stoppedCleanly;

    /** Records may be gone that the quorum believes to be here. */
    private boolean lossy;

    private @Nullable SimulatedProcess process;
    private boolean paused;
    private final List<Runnable> inbox = new ArrayList<>();
    private boolean machineOn = true;

    boolean diskFull;
    int flushMillisMax = 5;

    SimulatedNode(int id, World world, int partitions) {
        this.id = id;
        this.world = world;
        this.logs = new ReplicaLog[partitions];
        this.directoryId = world.random().nextUuid();
    }

    int id() {
        return id;
    }

    @Nullable SimulatedProcess process() {
        return process;
    }

    boolean isRunning() {
        return process != null;
    }

    boolean isPaused() {
        return paused;
    }

    /** The process, if a connection to it can be made. */
    @Nullable SimulatedProcess reachableProcess() {
        return process;
    }

    boolean machineOn() {
        return machineOn;
    }

    UUID directoryId() {
        return directoryId;
    }

    boolean uncleanMark() {
        return uncleanMark;
    }

    boolean isLossy() {
        return lossy;
    }

    @Nullable ReplicaLog log(int partition) {
        return logs[partition];
    }

    ReplicaLog openLog(int partition) {
        ReplicaLog log = logs[partition];
        if (log == null) {
            log = new ReplicaLog();
            logs[partition] = log;
        }
        return log;
    }

    void deleteLog(int partition) {
        logs[partition] = null;
    }

    /** Runs what happens to a process, unless it is gone; while it stands still, later. */
    void run(SimulatedProcess whose, Runnable action) {
        if (process != whose) {
            return;
        }
        if (paused) {
            inbox.add(action);
        } else {
            action.run();
        }
    }

    void start() {
        machineOn = true;
        SimulatedProcess started = new SimulatedProcess(this, world);
        process = started;
        stoppedCleanly = false;
        world.trace().add("n" + id + " starts" + (uncleanMark ? ", uncleanly" : ""));
        started.start(uncleanMark);
        if (!world.rules().shell().keepsUncleanMark()) {
            uncleanMark = false;
        }
    }

    void pause() {
        world.trace().add("n" + id + " stands still");
        paused = true;
    }

    void resume() {
        if (!paused) {
            return;
        }
        world.trace().add("n" + id + " goes on");
        paused = false;
        List<Runnable> all = new ArrayList<>(inbox);
        inbox.clear();
        SimulatedProcess whose = process;
        if (whose != null) {
            all.forEach(action -> run(whose, action));
        }
    }

    /** The process dies; what it wrote is in the page cache. */
    void kill() {
        world.trace().add("n" + id + " is killed");
        end(false);
    }

    /** The process has ended in good order, and all is on the disk. */
    void stopped() {
        world.trace().add("n" + id + " stopped");
        stoppedCleanly = true;
        for (ReplicaLog log : logs) {
            if (log != null) {
                log.flush(log.end());
            }
        }
        end(false);
    }

    /** What is not on the disk yet may be gone, from any record on. */
    void cutPower() {
        world.trace().add("n" + id + " loses power");
        end(true);
        machineOn = false;
        for (int i = 0; i < logs.length; i++) {
            ReplicaLog log = logs[i];
            if (log != null) {
                int unsynced = (int) (log.end() - log.durableEnd());
                log.cut(log.durableEnd() + world.random().nextInt(unsynced + 1));
                log.flush(log.end());
            }
        }
        if (!world.options().fsync() && !stoppedCleanly) {
            uncleanMark = true;
            lossy = true;
        }
    }

    /** The disk is replaced by an empty one. */
    void loseDisk() {
        world.trace().add("n" + id + " loses its disk");
        end(false);
        for (int i = 0; i < logs.length; i++) {
            logs[i] = null;
        }
        directoryId = world.random().nextUuid();
        uncleanMark = false;
        lossy = true;
    }

    private void end(boolean silently) {
        SimulatedProcess ended = process;
        process = null;
        paused = false;
        inbox.clear();
        if (ended != null) {
            world.network().gone(ended, silently);
            if (!silently) {
                world.controllerHearsEndOf(ended);
            }
        }
    }

    /** The quorum knows of this incarnation, and of how it started. */
    void registered(UUID incarnation) {
        SimulatedProcess running = process;
        if (running != null && running.incarnation().equals(incarnation)) {
            lossy = false;
            uncleanMark = false;
        }
    }
}
