package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.Writes;
import io.kq.system.history.Event;

/** I1: what an idempotent producer wrote is at one offset only, however often it was retried. */
final class OncePerValue implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    OncePerValue(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Acked acked && acked.offset() >= 0) {
            judge(acked.partition(), acked.value(), acked.offset(), line);
        } else if (event instanceof Event.Polled polled) {
            for (int i = 0; i < polled.values().length; i++) {
                judge(polled.partition(), polled.values()[i], polled.first() + i, line);
            }
        }
    }

    private void judge(int partition, long value, long offset, int line) {
        Writes writes = ledger.writes();
        if (writes.isIdempotent(value)
                && writes.partition(value) == partition
                && writes.firstOffset(value) != offset) {
            findings.violation(
                    "I1",
                    "twice: partition %d: %s is at offset %d (line %d) and at offset %d (line %d)",
                    partition,
                    text(value),
                    writes.firstOffset(value),
                    writes.firstLine(value),
                    offset,
                    line);
        }
    }
}
