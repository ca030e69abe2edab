package io.kq.system.check.rule;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.ReplicaDump;
import io.kq.system.check.ledger.ReplicaDump.Batch;
import java.util.HashMap;
import java.util.Map;

/**
 * I3 over the dumps: in each replica the sequences of a producer and epoch follow each other
 * without gap or repetition, and a producer's epoch never falls.
 */
final class SequencesWithoutGap implements Rule {

    /** A producer, its last epoch, and the sequence that comes next. */
    private record Next(int epoch, int sequence, long offset) {}

    private final Ledger ledger;
    private final Findings findings;

    SequencesWithoutGap(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void end() {
        for (ReplicaDump dump : ledger.dumps()) {
            dump.replicas().forEach((partition, replica) -> judge(dump.node(), partition, replica));
        }
    }

    private void judge(int node, int partition, ReplicaDump.Replica replica) {
        Map<Long, Next> producers = new HashMap<>();
        for (Batch batch : replica.batches()) {
            if (batch.producerId() < 0 || batch.control()) {
                continue;
            }
            Next next = producers.get(batch.producerId());
            boolean fresh = next == null || next.epoch() < batch.producerEpoch();
            // Of a log whose start was deleted, the first sequence may be any.
            boolean anyFirst = next == null && replica.start() > 0;
            int expected = next == null || fresh ? 0 : next.sequence();
            if (next != null && next.epoch() > batch.producerEpoch()) {
                findings.violation(
                        "I3",
                        "fenced: node %d partition %d offset %d: producer %d of epoch %d after its"
                                + " epoch %d",
                        node,
                        partition,
                        batch.baseOffset(),
                        batch.producerId(),
                        batch.producerEpoch(),
                        next.epoch());
            } else if (batch.baseSequence() != expected && !anyFirst) {
                findings.violation(
                        "I3",
                        "sequence: node %d partition %d offset %d: producer %d epoch %d wrote"
                                + " sequence %d where %d was due",
                        node,
                        partition,
                        batch.baseOffset(),
                        batch.producerId(),
                        batch.producerEpoch(),
                        batch.baseSequence(),
                        expected);
            }
            producers.put(batch.producerId(), after(batch));
        }
    }

    /** Sequences count to the largest int and begin again at 0. */
    private static Next after(Batch batch) {
        long count = batch.lastOffset() - batch.baseOffset() + 1;
        long next = (batch.baseSequence() + count) % (1L << 31);
        return new Next(batch.producerEpoch(), (int) next, batch.baseOffset());
    }
}
