package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.FinalLog;
import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.ReplicaDump;
import io.kq.system.check.ledger.ReplicaDump.Replica;
import java.util.List;
import java.util.Map;

/**
 * R7: the replicas of the last ISR have the same records of the same epochs below the high
 * watermark, and they are what the last reader got. S3: nothing in them is damaged.
 */
final class LogMatching implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    LogMatching(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void end() {
        for (ReplicaDump dump : ledger.dumps()) {
            for (String defect : dump.defects()) {
                findings.violation("S3", "damaged: node %d: %s", dump.node(), defect);
            }
        }
        for (int partition = 0; partition < ledger.partitions(); partition++) {
            judge(partition);
        }
    }

    private void judge(int partition) {
        List<Integer> isr = ledger.isr(partition);
        ReplicaDump first = null;
        for (ReplicaDump dump : ledger.dumps()) {
            Map<Integer, Replica> replicas = dump.replicas();
            boolean counts =
                    isr.isEmpty() ? replicas.containsKey(partition) : isr.contains(dump.node());
            if (!counts) {
                continue;
            }
            isLongEnough(partition, dump);
            matchesTheReading(partition, dump);
            if (first == null) {
                first = dump;
            } else {
                match(partition, first, dump);
            }
        }
    }

    private void isLongEnough(int partition, ReplicaDump dump) {
        long end = dump.replica(partition).end();
        if (end < ledger.lastHighWatermark(partition)) {
            findings.violation(
                    "R7",
                    "short: partition %d: node %d is in the ISR and ends at %d, below the high"
                            + " watermark %d",
                    partition,
                    dump.node(),
                    end,
                    ledger.lastHighWatermark(partition));
        }
    }

    private void matchesTheReading(int partition, ReplicaDump dump) {
        Replica replica = dump.replica(partition);
        FinalLog last = ledger.last(partition);
        if (last.start() < 0) {
            return;
        }
        long end = Math.min(replica.end(), last.next());
        for (long offset = Math.max(last.start(), replica.start()); offset < end; offset++) {
            if (last.holds(offset) && last.value(offset) != replica.value(offset)) {
                findings.violation(
                        "R7",
                        "partition %d offset %d: node %d has %s, and %s was read (line %d)",
                        partition,
                        offset,
                        dump.node(),
                        text(replica.value(offset)),
                        text(last.value(offset)),
                        last.line(offset));
            }
        }
    }

    private void match(int partition, ReplicaDump one, ReplicaDump other) {
        Replica a = one.replica(partition);
        Replica b = other.replica(partition);
        long end = Math.min(ledger.lastHighWatermark(partition), Math.min(a.end(), b.end()));
        for (long offset = Math.max(a.start(), b.start()); offset < end; offset++) {
            if (a.epoch(offset) != b.epoch(offset) || a.value(offset) != b.value(offset)) {
                findings.violation(
                        "R7",
                        "replicas differ: partition %d offset %d: node %d has %s of epoch %d, node"
                                + " %d has %s of epoch %d",
                        partition,
                        offset,
                        one.node(),
                        text(a.value(offset)),
                        a.epoch(offset),
                        other.node(),
                        text(b.value(offset)),
                        b.epoch(offset));
            }
        }
    }
}
