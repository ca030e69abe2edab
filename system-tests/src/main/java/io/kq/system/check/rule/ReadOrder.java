package io.kq.system.check.rule;

import io.kq.system.check.ledger.Findings;
import io.kq.system.history.Event;
import java.util.HashMap;
import java.util.Map;

/**
 * A3: a reader is given offsets that ascend and none below the one it asked for. A4: none is left
 * out, inside of an answer or between two of them.
 */
final class ReadOrder implements Rule {

    private record Reading(String reader, int partition) {}

    private final Findings findings;
    private final Map<Reading, Long> nexts = new HashMap<>();

    ReadOrder(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Positioned to) {
            nexts.put(new Reading(to.reader(), to.partition()), to.offset());
        } else if (event instanceof Event.Polled polled) {
            polled(polled, line);
        }
    }

    private void polled(Event.Polled polled, int line) {
        Long next = nexts.put(new Reading(polled.reader(), polled.partition()), polled.next());
        if (next != null && polled.position() != next) {
            findings.violation(
                    "A4",
                    "jumped: partition %d: reader %s stood at %d and goes on at %d (line %d)",
                    polled.partition(),
                    polled.reader(),
                    next,
                    polled.position(),
                    line);
        } else if (polled.first() < polled.position()) {
            findings.violation(
                    "A3",
                    "not asked for: partition %d: reader %s asked for %d and was given %d (line"
                            + " %d)",
                    polled.partition(),
                    polled.reader(),
                    polled.position(),
                    polled.first(),
                    line);
        } else if (polled.first() > polled.position()) {
            findings.violation(
                    "A4",
                    "left out: partition %d: reader %s asked for %d and was given %d (line %d)",
                    polled.partition(),
                    polled.reader(),
                    polled.position(),
                    polled.first(),
                    line);
        }
    }
}
