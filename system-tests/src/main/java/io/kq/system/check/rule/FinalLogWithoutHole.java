package io.kq.system.check.rule;

import io.kq.system.check.ledger.FinalLog;
import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;

/** A2: offsets follow each other without a hole from the log's start to its end. */
final class FinalLogWithoutHole implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    FinalLogWithoutHole(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void end() {
        for (int partition = 0; partition < ledger.partitions(); partition++) {
            FinalLog log = ledger.last(partition);
            for (long offset = Math.max(0, log.start()); offset < log.next(); offset++) {
                if (!log.holds(offset)) {
                    findings.violation(
                            "A2",
                            "hole: partition %d: the last reading has nothing at offset %d, between"
                                    + " %d and %d",
                            partition,
                            offset,
                            log.start(),
                            log.next());
                }
            }
        }
    }
}
