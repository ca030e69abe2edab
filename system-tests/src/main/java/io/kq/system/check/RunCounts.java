package io.kq.system.check;

import io.kq.system.check.ledger.Ledger;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Mark;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run says anything: enough was written, each fault bit, after each fault everything
 * worked again, and the last reading saw all of it.
 */
final class RunCounts {

    /** What has to work after a fault. */
    private static final class Healed {
        private final String fault;
        private final BitSet written = new BitSet();
        private boolean read;
        private boolean asked;
        private boolean administered;

        Healed(String fault) {
            this.fault = fault;
        }
    }

    private final Ledger ledger;
    private final long ackedMin;
    private final List<String> reasons = new ArrayList<>();
    private long acked;
    private boolean finished;
    private @Nullable String unproven;
    private String fault = "";
    private @Nullable Healed healed;

    /**
     * @param ackedMin writes with acks=all without which a run does not count
     */
    RunCounts(Ledger ledger, long ackedMin) {
        this.ledger = ledger;
        this.ackedMin = ackedMin;
    }

    void see(Event event) {
        Healed after = healed;
        if (event instanceof Event.Marked marked) {
            mark(marked);
        } else if (event instanceof Event.Acked e && ledger.writes().acks(e.value()) == Acks.ALL) {
            acked++;
            if (after != null) {
                after.written.set(e.partition());
            }
        } else if (after == null) {
            return;
        } else if (event instanceof Event.Polled) {
            after.read = true;
        } else if (event instanceof Event.OffsetTold) {
            after.asked = true;
        } else if (event instanceof Event.AdminTold told && told.code().equals("OK")) {
            after.administered = true;
        }
    }

    private void mark(Event.Marked marked) {
        if (marked.mark() == Mark.BIT) {
            unproven = null;
            return;
        }
        settle();
        switch (marked.mark()) {
            case FAULT -> {
                fault = marked.text();
                unproven = fault;
            }
            case HEALED -> healed = new Healed(fault);
            default -> finished = true;
        }
    }

    /** Ends what the last mark began. */
    private void settle() {
        if (unproven != null) {
            reasons.add("the fault did not bite: " + unproven);
            unproven = null;
        }
        Healed after = healed;
        healed = null;
        if (after == null) {
            return;
        }
        String when = " after the end of: " + after.fault;
        int partitions = ledger.started().partitions();
        if (after.written.cardinality() < partitions) {
            int missing = after.written.nextClearBit(0);
            reasons.add("no write to partition " + missing + " was acknowledged" + when);
        }
        if (!after.read) {
            reasons.add("nothing was read" + when);
        }
        if (!after.asked) {
            reasons.add("no offsets were told" + when);
        }
        if (!after.administered) {
            reasons.add("no change of the metadata was answered" + when);
        }
    }

    /** Why the run does not count; empty: it does. */
    List<String> end() {
        settle();
        if (acked < ackedMin) {
            reasons.add(acked + " writes were acknowledged; " + ackedMin + " are needed");
        }
        if (!finished) {
            reasons.add("the history ends before the last reading");
        }
        for (int partition = 0; partition < ledger.partitions(); partition++) {
            if (!ledger.isReadToTheEnd(partition)) {
                reasons.add(
                        "the last reading of partition %d ended at %d, below the high watermark %d"
                                .formatted(
                                        partition,
                                        ledger.last(partition).next(),
                                        ledger.lastHighWatermark(partition)));
            }
        }
        return reasons;
    }
}
