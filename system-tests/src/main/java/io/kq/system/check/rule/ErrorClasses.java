package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.CORRUPT;
import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.ReplicaDump;
import io.kq.system.check.ledger.Writes;
import io.kq.system.history.Event;

/**
 * A1: a write that failed for certain is nowhere, not even in a replica; what was appended and not
 * replicated is never called certain. A5: nothing fails with INTERNAL.
 */
final class ErrorClasses implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    ErrorClasses(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Failed failed) {
            failed(failed, line);
        } else if (event instanceof Event.AdminTold told && told.code().equals("INTERNAL")) {
            findings.violation(
                    "A5",
                    "%s %s failed with INTERNAL (line %d)",
                    told.operation(),
                    told.name(),
                    line);
        } else if (event instanceof Event.Polled polled) {
            for (int i = 0; i < polled.values().length; i++) {
                read(polled, i, line);
            }
        }
    }

    private void failed(Event.Failed failed, int line) {
        if (failed.code().equals("INTERNAL")) {
            findings.violation(
                    "A5", "%s failed with INTERNAL (line %d)", text(failed.value()), line);
        }
        if (failed.definite() && failed.code().equals("NOT_ENOUGH_REPLICAS_AFTER_APPEND")) {
            findings.violation(
                    "A1",
                    "%s: %s is called certain (line %d)",
                    text(failed.value()),
                    failed.code(),
                    line);
        }
        if (failed.definite() && ledger.writes().firstOffset(failed.value()) >= 0) {
            tell(failed.value(), ledger.writes().firstOffset(failed.value()), "a reader had it");
        }
    }

    private void read(Event.Polled polled, int index, int line) {
        long value = polled.values()[index];
        if (value != CORRUPT && ledger.writes().fate(value) == Writes.Fate.FAILED) {
            tell(value, polled.first() + index, "it was read (line " + line + ")");
        }
    }

    private void tell(long value, long offset, String how) {
        findings.violation(
                "A1",
                "not certain: partition %d offset %d: %s failed for certain (line %d), but %s",
                ledger.writes().partition(value),
                offset,
                text(value),
                ledger.writes().endLine(value),
                how);
    }

    @Override
    public void end() {
        for (ReplicaDump dump : ledger.dumps()) {
            for (ReplicaDump.Replica replica : dump.replicas().values()) {
                for (long offset = replica.start(); offset < replica.end(); offset++) {
                    long value = replica.value(offset);
                    if (value != CORRUPT && ledger.writes().fate(value) == Writes.Fate.FAILED) {
                        tell(value, offset, "node " + dump.node() + " has it on its disk");
                    }
                }
            }
        }
    }
}
