package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.number;
import static io.kq.system.history.WrittenValue.text;
import static io.kq.system.history.WrittenValue.writer;

import io.kq.system.check.ledger.FinalLog;
import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.Writes;
import java.util.HashMap;
import java.util.Map;

/**
 * I2: what an idempotent producer wrote to a partition and got acknowledged lies there in the order
 * in which it was sent. What has an unknown outcome may belong to an older session of its producer
 * and is not judged.
 */
final class ProducerOrder implements Rule {

    private final Ledger ledger;
    private final Findings findings;

    ProducerOrder(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void end() {
        for (int partition = 0; partition < ledger.partitions(); partition++) {
            judge(partition, ledger.last(partition));
        }
    }

    private void judge(int partition, FinalLog log) {
        Map<Integer, Long> latest = new HashMap<>();
        for (long offset = Math.max(0, log.start()); offset < log.next(); offset++) {
            long value = log.value(offset);
            if (!log.holds(offset)
                    || ledger.writes().fate(value) != Writes.Fate.ACKED
                    || !ledger.writes().isIdempotent(value)) {
                continue;
            }
            Long before = latest.get(writer(value));
            if (before != null && number(before) > number(value)) {
                findings.violation(
                        "I2",
                        "out of order: partition %d: %s at offset %d (line %d) was sent before %s,"
                                + " which lies in front of it",
                        partition,
                        text(value),
                        offset,
                        log.line(offset),
                        text(before));
            } else {
                latest.put(writer(value), value);
            }
        }
    }
}
