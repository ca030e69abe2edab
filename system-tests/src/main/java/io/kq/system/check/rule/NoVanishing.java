package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.FinalLog;
import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.SeenLog;

/** R2: what any reader was given is at its offset at the end, above the log's start. */
final class NoVanishing implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    NoVanishing(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void end() {
        for (int partition = 0; partition < ledger.partitions(); partition++) {
            FinalLog last = ledger.last(partition);
            if (last.start() >= 0) {
                judge(partition, last, ledger.seen(partition));
            }
        }
    }

    private void judge(int partition, FinalLog last, SeenLog seen) {
        // Beyond what the last reader reached nothing is known, and the run does not count.
        long end =
                ledger.isReadToTheEnd(partition) ? seen.end() : Math.min(seen.end(), last.next());
        for (long offset = last.start(); offset < end; offset++) {
            if (seen.readLine(offset) > 0 && !last.holds(offset)) {
                findings.violation(
                        "R2",
                        "vanished: partition %d offset %d: %s was read (line %d); the last reading"
                                + " has nothing there and ends at %d",
                        partition,
                        offset,
                        text(seen.value(offset)),
                        seen.readLine(offset),
                        last.next());
            }
        }
    }
}
