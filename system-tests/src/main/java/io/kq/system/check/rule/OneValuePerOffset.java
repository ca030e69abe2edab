package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.SeenLog;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;

/**
 * R3: an offset of a partition has one value, over all acknowledgements (acks=all) and all
 * readings; also the one that a record is acknowledged with is the one that it is read at.
 */
final class OneValuePerOffset implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    OneValuePerOffset(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Acked acked
                && acked.offset() >= 0
                && ledger.writes().acks(acked.value()) == Acks.ALL) {
            judge(acked.partition(), acked.offset(), acked.value(), line, "acknowledged");
        } else if (event instanceof Event.Polled polled) {
            for (int i = 0; i < polled.values().length; i++) {
                judge(polled.partition(), polled.first() + i, polled.values()[i], line, "read");
            }
        }
    }

    private void judge(int partition, long offset, long value, int line, String how) {
        SeenLog seen = ledger.seen(partition);
        if (seen.value(offset) != value) {
            findings.violation(
                    "R3",
                    "two values: partition %d offset %d: %s was %s (line %d), but %s was told"
                            + " before (line %d)",
                    partition,
                    offset,
                    text(value),
                    how,
                    line,
                    text(seen.value(offset)),
                    seen.line(offset));
        }
    }
}
