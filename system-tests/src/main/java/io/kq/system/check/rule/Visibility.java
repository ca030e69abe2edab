package io.kq.system.check.rule;

import io.kq.system.check.ledger.Findings;
import io.kq.system.history.Event;

/** R6: a reader is given nothing at or above the high watermark that the same answer names. */
final class Visibility implements Rule {

    private final Findings findings;

    Visibility(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Polled polled
                && polled.highWatermark() >= 0
                && polled.next() > polled.highWatermark()) {
            findings.violation(
                    "R6",
                    "not committed yet: partition %d: reader %s was given offset %d (line %d) under"
                            + " a high watermark of %d",
                    polled.partition(),
                    polled.reader(),
                    polled.next() - 1,
                    line,
                    polled.highWatermark());
        }
    }
}
