package io.kq.system.check.ledger;

import io.kq.system.history.Event;

/** One partition as the last reader found it, after all writing. */
public final class FinalLog {

    private final LongColumn values = new LongColumn();
    private final IntColumn lines = new IntColumn();
    private long start = -1;
    private long next = -1;

    void positioned(long offset) {
        if (start < 0) {
            start = offset;
            next = offset;
        }
    }

    void read(Event.Polled polled, int line) {
        for (int i = 0; i < polled.values().length; i++) {
            values.put(polled.first() + i, polled.values()[i]);
            lines.put(polled.first() + i, line);
        }
        next = Math.max(next, polled.next());
    }

    /** Its first offset; -1: the last reader did not get as far as to begin. */
    public long start() {
        return start;
    }

    /** The offset after the last one read. */
    public long next() {
        return next;
    }

    public boolean holds(long offset) {
        return lines.get(offset) >= 0;
    }

    public long value(long offset) {
        return values.get(offset);
    }

    public int line(long offset) {
        return lines.get(offset);
    }
}
