package io.kq.broker.partition.ack;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Iterator;
import java.util.Queue;

/**
 * Appends of one leader epoch whose askers wait, in log order: one line for those that wait for the
 * leader's own copy, one for those that wait for all in-sync replicas. A retry of an older batch
 * stands at the end of its line all the same, so that answers keep the order of the requests.
 * Guarded by the partition's lock.
 */
public final class AckQueue {

    private final ArrayDeque<WaitingAck> leader = new ArrayDeque<>();
    private final ArrayDeque<WaitingAck> committed = new ArrayDeque<>();

    public void add(Acks acks, WaitingAck waiting) {
        (acks == Acks.LEADER ? leader : committed).add(waiting);
    }

    public boolean isEmpty() {
        return leader.isEmpty() && committed.isEmpty();
    }

    /** Moves those that the leader's own copy satisfies. */
    public void releaseLeaderAcks(long endOffset, Collection<WaitingAck> into) {
        release(leader, endOffset, into);
    }

    /** Moves those that the high watermark satisfies. */
    public void releaseCommitted(long highWatermark, Collection<WaitingAck> into) {
        release(committed, highWatermark, into);
    }

    private static void release(
            Queue<WaitingAck> line, long endOffset, Collection<WaitingAck> into) {
        for (WaitingAck first = line.peek();
                first != null && first.endOffset() <= endOffset;
                first = line.peek()) {
            into.add(line.remove());
        }
    }

    /** Moves those whose time is over. */
    public void releaseExpired(long nowNanos, Collection<WaitingAck> into) {
        releaseExpired(leader, nowNanos, into);
        releaseExpired(committed, nowNanos, into);
    }

    private static void releaseExpired(
            Queue<WaitingAck> line, long nowNanos, Collection<WaitingAck> into) {
        for (Iterator<WaitingAck> i = line.iterator(); i.hasNext(); ) {
            WaitingAck waiting = i.next();
            if (waiting.deadlineNanos() - nowNanos <= 0) {
                into.add(waiting);
                i.remove();
            }
        }
    }

    public void releaseAll(Collection<WaitingAck> into) {
        into.addAll(leader);
        into.addAll(committed);
        leader.clear();
        committed.clear();
    }

    /** The nearest deadline; meaningless when empty. */
    public long nearestDeadlineNanos() {
        long nearest = Long.MAX_VALUE;
        boolean any = false;
        for (WaitingAck waiting : leader) {
            nearest = any ? earlier(nearest, waiting.deadlineNanos()) : waiting.deadlineNanos();
            any = true;
        }
        for (WaitingAck waiting : committed) {
            nearest = any ? earlier(nearest, waiting.deadlineNanos()) : waiting.deadlineNanos();
            any = true;
        }
        return nearest;
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }
}
