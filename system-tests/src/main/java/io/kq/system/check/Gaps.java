package io.kq.system.check;

import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.LongColumn;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Mark;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How long nothing was acknowledged, around each fault: the longest time between two
 * acknowledgements (acks=all) that follow each other in a partition, and between two changes of the
 * metadata. A gap that a fault falls into, or that begins during it, is the fault's, also if it
 * outlasts it.
 */
final class Gaps {

    /** What a fault cost. Times in nanoseconds. */
    static final class Fault {
        private final String text;
        private final Set<Integer> led;
        private final TreeMap<String, Integer> errors = new TreeMap<>();
        private long affected;
        private long others;
        private long afterwards;
        private long admin;

        Fault(String text, List<Integer> led) {
            this.text = text;
            this.led = new TreeSet<>(led);
        }

        String text() {
            return text;
        }

        /** Longest gap of a partition that the victim led. */
        long affected() {
            return affected;
        }

        /** Longest gap of the other partitions. */
        long others() {
            return others;
        }

        /** Longest gap of any partition that began after the fault was undone. */
        long afterwards() {
            return afterwards;
        }

        /** Longest gap between changes of the metadata. */
        long admin() {
            return admin;
        }

        /** Failed writes by reason; those whose outcome is unknown with a {@code ?}. */
        Map<String, Integer> errors() {
            return errors;
        }
    }

    /** Partitions count from 0; this one stands for changes of the metadata. */
    private static final int ADMIN = -1;

    /** A stretch of time: before all faults, during one, or after one. */
    private record Stretch(int fault, boolean during) {}

    private final Ledger ledger;
    private final List<Fault> faults = new ArrayList<>();
    private final List<Stretch> stretches = new ArrayList<>(List.of(new Stretch(-1, false)));

    /** By partition + 1: time of the last success, and the stretch it was in. */
    private final LongColumn lastNanos = new LongColumn();

    private final LongColumn lastStretch = new LongColumn();
    private boolean over;

    Gaps(Ledger ledger) {
        this.ledger = ledger;
    }

    void see(Event event) {
        if (over) {
            return;
        }
        if (event instanceof Event.Acked acked && ledger.writes().acks(acked.value()) == Acks.ALL) {
            success(acked.partition(), acked.nanos());
        } else if (event instanceof Event.AdminTold told && told.code().equals("OK")) {
            success(ADMIN, told.nanos());
        } else if (event instanceof Event.Failed failed && !faults.isEmpty()) {
            String reason = failed.definite() ? failed.code() : failed.code() + "?";
            faults.get(faults.size() - 1).errors.merge(reason, 1, Integer::sum);
        } else if (event instanceof Event.Marked marked) {
            mark(marked);
        }
    }

    private void mark(Event.Marked marked) {
        if (marked.mark() == Mark.FAULT) {
            faults.add(new Fault(marked.text(), marked.partitions()));
            stretches.add(new Stretch(faults.size() - 1, true));
        } else if (marked.mark() == Mark.HEALED && !faults.isEmpty()) {
            stretches.add(new Stretch(faults.size() - 1, false));
        } else if (marked.mark() == Mark.FINAL) {
            for (int partition = ADMIN; partition < ledger.started().partitions(); partition++) {
                success(partition, marked.nanos());
            }
            over = true;
        }
    }

    private void success(int partition, long nanos) {
        long before = lastNanos.get(partition + 1);
        if (before >= 0) {
            gap(partition, nanos - before, (int) lastStretch.get(partition + 1));
        }
        lastNanos.put(partition + 1, nanos);
        lastStretch.put(partition + 1, stretches.size() - 1);
    }

    /** Puts a gap to the first fault that it meets, else to the time that it began in. */
    private void gap(int partition, long nanos, int began) {
        Stretch to = stretches.get(began);
        for (int i = began; i < stretches.size() && !to.during(); i++) {
            to = stretches.get(i).during() ? stretches.get(i) : to;
        }
        if (to.fault() < 0) {
            return;
        }
        Fault fault = faults.get(to.fault());
        if (partition == ADMIN) {
            fault.admin = Math.max(fault.admin, nanos);
        } else if (!to.during()) {
            fault.afterwards = Math.max(fault.afterwards, nanos);
        } else if (fault.led.contains(partition)) {
            fault.affected = Math.max(fault.affected, nanos);
        } else {
            fault.others = Math.max(fault.others, nanos);
        }
    }

    List<Fault> faults() {
        return faults;
    }
}
