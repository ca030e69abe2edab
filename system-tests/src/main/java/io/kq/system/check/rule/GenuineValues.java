package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.CORRUPT;
import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.history.Event;

/**
 * T1 without transactions: what is read was sent by a writer before, to that partition, and no byte
 * of it has changed.
 */
final class GenuineValues implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    GenuineValues(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Polled polled) {
            for (int i = 0; i < polled.values().length; i++) {
                judge(polled.partition(), polled.first() + i, polled.values()[i], line);
            }
        } else if (event instanceof Event.Acked acked) {
            judge(acked.partition(), acked.offset(), acked.value(), line);
        }
    }

    private void judge(int partition, long offset, long value, int line) {
        if (value == CORRUPT) {
            findings.violation(
                    "T1",
                    "corrupt: partition %d offset %d: no writer made these bytes (line %d)",
                    partition,
                    offset,
                    line);
        } else if (ledger.writes().partition(value) != partition) {
            findings.violation(
                    "T1",
                    "phantom: partition %d offset %d: %s was %s (line %d)",
                    partition,
                    offset,
                    text(value),
                    ledger.writes().partition(value) < 0
                            ? "never sent"
                            : "sent to partition " + ledger.writes().partition(value),
                    line);
        }
    }
}
