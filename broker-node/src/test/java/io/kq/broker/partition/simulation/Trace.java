package io.kq.broker.partition.simulation;

import java.util.ArrayDeque;
import java.util.Locale;

/** The last things that happened, for a reader; off unless a seed is run to be read. */
final class Trace {

    private static final int LINES_MAX = Integer.getInteger("kq.replication.lines", 250);

    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final boolean on;
    private final VirtualTime time;

    Trace(boolean on, VirtualTime time) {
        this.on = on;
        this.time = time;
    }

    /** Whether somebody reads it: what costs to say is said only then. */
    boolean isOn() {
        return on;
    }

    void add(String what) {
        if (on) {
            if (lines.size() == LINES_MAX) {
                lines.remove();
            }
            lines.add(String.format(Locale.ROOT, "%7d ms  %s", time.millis(), what));
        }
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
