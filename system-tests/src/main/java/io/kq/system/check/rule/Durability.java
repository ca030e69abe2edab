package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.FinalLog;
import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.Writes;
import io.kq.system.history.Event.Acks;

/**
 * R1: what was acknowledged with acks=all is in the log at the end, at the offset that was told.
 */
final class Durability implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    Durability(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void end() {
        ledger.writes().forEach(this::judge);
    }

    private void judge(long value) {
        Writes writes = ledger.writes();
        if (writes.fate(value) != Writes.Fate.ACKED || writes.acks(value) != Acks.ALL) {
            return;
        }
        int partition = writes.partition(value);
        long offset = writes.ackedOffset(value);
        FinalLog log = ledger.last(partition);
        boolean judged = ledger.isReadToTheEnd(partition) || offset < log.next();
        if (offset < 0 || log.start() < 0 || offset < log.start() || !judged) {
            return;
        }
        if (!log.holds(offset)) {
            findings.violation(
                    "R1",
                    "lost: partition %d offset %d: %s was acknowledged (line %d, sent line %d); the"
                            + " last reading has nothing there and ends at %d",
                    partition,
                    offset,
                    text(value),
                    writes.endLine(value),
                    writes.sentLine(value),
                    log.next());
        } else if (log.value(offset) != value) {
            findings.violation(
                    "R1",
                    "lost: partition %d offset %d: %s was acknowledged (line %d, sent line %d); the"
                            + " last reading has %s there (line %d)",
                    partition,
                    offset,
                    text(value),
                    writes.endLine(value),
                    writes.sentLine(value),
                    text(log.value(offset)),
                    log.line(offset));
        }
    }
}
