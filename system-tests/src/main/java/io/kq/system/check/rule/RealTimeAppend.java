package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.number;
import static io.kq.system.history.WrittenValue.text;
import static io.kq.system.history.WrittenValue.writer;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.IntColumn;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.LongColumn;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Bound;
import java.util.ArrayList;
import java.util.List;

/**
 * R4: a write with acks=all that began after another one was acknowledged lies behind it, and at or
 * behind every high watermark that was told before it began. A leader of the past that acknowledges
 * breaks it.
 */
final class RealTimeAppend implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    /** By partition: what a write that begins now must not lie below, and which line says so. */
    private final LongColumn floors = new LongColumn();

    private final IntColumn floorLines = new IntColumn();

    /** By writer and number: the floor when the write began. */
    private final List<LongColumn> floorWhenSent = new ArrayList<>();

    private final List<IntColumn> floorLineWhenSent = new ArrayList<>();

    RealTimeAppend(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Sent sent && sent.acks() == Acks.ALL) {
            begins(sent);
        } else if (event instanceof Event.Acked acked
                && acked.offset() >= 0
                && ledger.writes().acks(acked.value()) == Acks.ALL) {
            judge(acked, line);
            raise(acked.partition(), acked.offset() + 1, line);
        } else if (event instanceof Event.OffsetTold told && told.bound() == Bound.HIGH_WATERMARK) {
            raise(told.partition(), told.offset(), line);
        } else if (event instanceof Event.Polled polled) {
            raise(polled.partition(), Math.max(polled.highWatermark(), polled.next()), line);
        }
    }

    private void begins(Event.Sent sent) {
        while (floorWhenSent.size() <= writer(sent.value())) {
            floorWhenSent.add(new LongColumn());
            floorLineWhenSent.add(new IntColumn());
        }
        long number = number(sent.value());
        floorWhenSent.get(writer(sent.value())).put(number, floors.get(sent.partition()));
        floorLineWhenSent.get(writer(sent.value())).put(number, floorLines.get(sent.partition()));
    }

    private void raise(int partition, long floor, int line) {
        if (floor > floors.get(partition)) {
            floors.put(partition, floor);
            floorLines.put(partition, line);
        }
    }

    private void judge(Event.Acked acked, int line) {
        long value = acked.value();
        long floor = floorWhenSent.get(writer(value)).get(number(value));
        if (acked.offset() < floor) {
            findings.violation(
                    "R4",
                    "back in time: partition %d: %s was sent in line %d and acknowledged at offset"
                            + " %d (line %d), though line %d had shown before that all below %d was"
                            + " taken",
                    acked.partition(),
                    text(value),
                    ledger.writes().sentLine(value),
                    acked.offset(),
                    line,
                    floorLineWhenSent.get(writer(value)).get(number(value)),
                    floor);
        }
    }
}
