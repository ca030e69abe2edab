package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.leader.Admission;

/**
 * A client that writes to one partition, one record at a time. With {@code acks=all} it repeats a
 * record until it is told where that is; with {@code acks=1} or none it goes on.
 */
final class Producer {

    private static final int TIMEOUT_MILLIS = 700;

    private enum Acks {
        ALL,
        LEADER,
        NONE
    }

    private final World world;
    private final int id;
    private final int partition;
    private final Acks acks;
    private final int pauseMillis;
    private int sequence;

    /** Of the present attempt: answers to others are late. */
    private long request = -1;

    private long lastRequest;
    private boolean finished;

    Producer(World world, int id, int partition) {
        this.world = world;
        this.id = id;
        this.partition = partition;
        int kind = world.random().nextInt(5);
        this.acks = id == 0 || kind < 3 ? Acks.ALL : kind == 3 ? Acks.LEADER : Acks.NONE;
        this.pauseMillis = 10 + world.random().nextInt(120);
    }

    /** Whether it is told of all that it wanted to write. */
    boolean isDone() {
        return finished;
    }

    private long value() {
        return (id + 1) * 100_000L + sequence;
    }

    void send() {
        if (world.isEnding() && (acks != Acks.ALL || request < 0)) {
            finished = true;
            return;
        }
        long attempt = (long) id << 32 | ++lastRequest;
        request = attempt;
        SimulatedNode target = world.aLeaderOf(partition);
        SimulatedProcess process = target.process();
        if (process != null) {
            world.time()
                    .after(
                            1 + world.random().nextInt(10),
                            () -> target.run(process, () -> append(process, attempt)));
        }
        world.time().after(TIMEOUT_MILLIS, () -> failed(attempt, 1));
    }

    private void append(SimulatedProcess process, long attempt) {
        Replica replica = process.replica(partition);
        Leading leading = replica == null ? null : replica.leading();
        if (replica == null || leading == null || !process.takesWrites()) {
            failed(attempt, 20);
            return;
        }
        if (world.newestLeaderEpoch(partition) > replica.ledEpoch()) {
            world.sometimes(Sometimes.ZOMBIE_WROTE);
        }
        Admission admission =
                leading.append(acks == Acks.NONE ? -1 : attempt, value(), acks == Acks.ALL);
        if (admission != Admission.TAKEN) {
            failed(attempt, 20);
        } else if (acks == Acks.NONE) {
            world.time().after(1, () -> succeeded(attempt));
        }
    }

    void succeeded(long attempt) {
        if (request == attempt) {
            request = -1;
            sequence++;
            world.time().after(1 + world.random().nextInt(pauseMillis), this::send);
        }
    }

    private void failed(long attempt, int pause) {
        if (request != attempt) {
            return;
        }
        if (acks != Acks.ALL) {
            request = -1;
            sequence++;
        } else {
            request = 0;
        }
        world.time().after(pause + world.random().nextInt(30), this::send);
    }
}
