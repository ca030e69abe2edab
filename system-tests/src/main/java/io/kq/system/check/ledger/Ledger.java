package io.kq.system.check.ledger;

import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Bound;
import io.kq.system.history.WrittenValue;
import java.util.ArrayList;
import java.util.List;

/** All that is remembered of a history. Filled with each event before the rules see it. */
public final class Ledger {

    /** The reader that reads everything at the end. */
    public static final String FINAL_READER = "final";

    private final Writes writes = new Writes();
    private final List<SeenLog> seen = new ArrayList<>();
    private final List<FinalLog> last = new ArrayList<>();
    private final LongColumn lastHighWatermark = new LongColumn();
    private boolean finishing;
    private final List<ReplicaDump> dumps = new ArrayList<>();
    private final List<List<Integer>> lastIsr = new ArrayList<>();
    private final IntColumn lastPartitionEpoch = new IntColumn();
    private Event.Started started = new Event.Started(0, "", 0, 1, 1);

    /** Takes the event in. */
    public void take(Event event, int line) {
        if (event instanceof Event.Sent sent) {
            writes.sent(sent, line);
        } else if (event instanceof Event.Acked acked) {
            writes.acked(acked, line);
            if (writes.acks(acked.value()) == Acks.ALL && acked.offset() >= 0) {
                seen(acked.partition()).acked(acked.offset(), acked.value(), line);
                writes.seen(acked.value(), acked.offset(), line);
            }
        } else if (event instanceof Event.Failed failed) {
            Writes.Fate fate = failed.definite() ? Writes.Fate.FAILED : Writes.Fate.UNKNOWN;
            writes.ended(failed.value(), fate, line);
        } else if (event instanceof Event.Polled polled) {
            read(polled, line);
        } else if (event instanceof Event.Positioned e && e.reader().equals(FINAL_READER)) {
            last(e.partition()).positioned(e.offset());
        } else if (event instanceof Event.OffsetTold told && told.bound() == Bound.HIGH_WATERMARK) {
            raiseLast(told.partition(), told.offset());
        } else if (event instanceof Event.StateTold state) {
            stateTold(state);
        } else if (event instanceof Event.Marked marked && marked.mark() == Event.Mark.FINAL) {
            finishing = true;
        } else if (event instanceof Event.Started e) {
            started = e;
        }
    }

    /** A node that is cut off may tell an older state later than others a newer one. */
    private void stateTold(Event.StateTold state) {
        isr(state.partition());
        if (state.partitionEpoch() >= lastPartitionEpoch.get(state.partition())) {
            lastPartitionEpoch.put(state.partition(), state.partitionEpoch());
            lastIsr.set(state.partition(), state.isr());
        }
    }

    private void read(Event.Polled polled, int line) {
        SeenLog log = seen(polled.partition());
        for (int i = 0; i < polled.values().length; i++) {
            log.read(polled.first() + i, polled.values()[i], line);
            if (polled.values()[i] != WrittenValue.CORRUPT) {
                writes.seen(polled.values()[i], polled.first() + i, line);
            }
        }
        if (polled.reader().equals(FINAL_READER)) {
            last(polled.partition()).read(polled, line);
        }
    }

    /** What is committed when all writing is over: the highest of several answers. */
    private void raiseLast(int partition, long highWatermark) {
        if (finishing && highWatermark > lastHighWatermark.get(partition)) {
            lastHighWatermark.put(partition, highWatermark);
        }
    }

    public void add(ReplicaDump dump) {
        dumps.add(dump);
    }

    public Event.Started started() {
        return started;
    }

    public Writes writes() {
        return writes;
    }

    public SeenLog seen(int partition) {
        while (seen.size() <= partition) {
            seen.add(new SeenLog());
        }
        return seen.get(partition);
    }

    public FinalLog last(int partition) {
        while (last.size() <= partition) {
            last.add(new FinalLog());
        }
        return last.get(partition);
    }

    /** The high watermark after all writing; -1: nobody was asked. */
    public long lastHighWatermark(int partition) {
        return lastHighWatermark.get(partition);
    }

    /** The newest ISR that was told; empty: none. */
    public List<Integer> isr(int partition) {
        while (lastIsr.size() <= partition) {
            lastIsr.add(List.of());
        }
        return lastIsr.get(partition);
    }

    public List<ReplicaDump> dumps() {
        return dumps;
    }

    /** Number of partitions that anything is known of. */
    public int partitions() {
        return Math.max(started.partitions(), Math.max(seen.size(), last.size()));
    }

    /** Whether the last reader saw all that is committed in the partition. */
    public boolean isReadToTheEnd(int partition) {
        return last(partition).start() >= 0
                && lastHighWatermark(partition) >= 0
                && last(partition).next() >= lastHighWatermark(partition);
    }
}
