package io.kq.broker.partition;

import io.kq.broker.partition.ack.AckListener;
import io.kq.broker.partition.ack.WaitingAck;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import java.util.ArrayList;
import java.util.List;

/**
 * What one thread does at one go: it appends to some partitions, then answers whom that satisfied
 * and wakes whom that gave something to read. The time is sampled once per turn. Reused by its
 * owner; one thread at a time; never used under a partition's lock except to collect.
 */
public final class Turn {

    private final Clock clock;
    private final List<WaitingAck> released = new ArrayList<>();
    private final List<AckListener> answered = new ArrayList<>();
    private final List<PartitionLeader> advanced = new ArrayList<>();
    private final List<PartitionLeader> appended = new ArrayList<>();
    private final List<Runnable> consequences = new ArrayList<>();
    private long nowNanos;
    private long nowMillis;

    public Turn(Clock clock) {
        this.clock = clock;
    }

    /** Samples the time. */
    public void begin() {
        nowNanos = clock.nanoTime();
        nowMillis = clock.epochMillis();
    }

    /** Monotonic, as of {@link #begin}. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Wall clock, as of {@link #begin}. */
    public long nowMillis() {
        return nowMillis;
    }

    /**
     * Has followers pushed what was appended, tells every listener that was given an outcome to
     * send it, then wakes the readers.
     */
    public void end() {
        for (int i = 0; i < appended.size(); i++) {
            appended.get(i).wakeFollowers();
        }
        appended.clear();
        for (int i = 0; i < answered.size(); i++) {
            answered.get(i).onTurnEnd();
        }
        answered.clear();
        for (int i = 0; i < advanced.size(); i++) {
            advanced.get(i).wakeReaders();
            advanced.get(i).wakeFollowers();
        }
        advanced.clear();
        for (int i = 0; i < consequences.size(); i++) {
            consequences.get(i).run();
        }
        consequences.clear();
    }

    /** Where a leader puts, under its lock, what a step set free. */
    List<WaitingAck> released() {
        return released;
    }

    /** The leader's high watermark moved: its readers are woken when the turn ends. */
    void advanced(PartitionLeader leader) {
        if (advanced.isEmpty() || advanced.get(advanced.size() - 1) != leader) {
            advanced.add(leader);
        }
    }

    /** The leader's log grew: its followers are pushed when the turn ends. */
    void appended(PartitionLeader leader) {
        if (appended.isEmpty() || appended.get(appended.size() - 1) != leader) {
            appended.add(leader);
        }
    }

    /** Runs {@code consequence} when the turn ends, without a lock. */
    void then(Runnable consequence) {
        consequences.add(consequence);
    }

    /** Gives those that were released their outcome. Not under a lock. */
    void answerReleased(long logStartOffset) {
        for (int i = 0; i < released.size(); i++) {
            WaitingAck ack = released.get(i);
            ack.listener().onAcknowledged(ack.baseOffset(), logStartOffset, ack.duplicate());
            answered.add(ack.listener());
        }
        released.clear();
    }

    /** Tells those that were released that their outcome is unknown. Not under a lock. */
    void abandonReleased(RejectedException reason) {
        RejectedException unknown = reason.indefinite();
        for (int i = 0; i < released.size(); i++) {
            AckListener listener = released.get(i).listener();
            listener.onAbandoned(unknown);
            answered.add(listener);
        }
        released.clear();
    }
}
