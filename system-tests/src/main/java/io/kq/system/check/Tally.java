package io.kq.system.check;

import io.kq.system.check.ledger.Ledger;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import java.util.EnumMap;
import java.util.Locale;

/** How much happened. */
final class Tally {

    private final Ledger ledger;
    private final EnumMap<Acks, Long> acked = new EnumMap<>(Acks.class);
    private long events;
    private long failed;
    private long unknown;
    private long read;
    private long admin;

    Tally(Ledger ledger) {
        this.ledger = ledger;
    }

    void see(Event event) {
        events++;
        if (event instanceof Event.Acked e) {
            acked.merge(ledger.writes().acks(e.value()), 1L, Long::sum);
        } else if (event instanceof Event.Failed e) {
            failed += e.definite() ? 1 : 0;
            unknown += e.definite() ? 0 : 1;
        } else if (event instanceof Event.Polled e) {
            read += e.values().length;
        } else if (event instanceof Event.AdminTold e && e.code().equals("OK")) {
            admin++;
        }
    }

    /** In one line. */
    String words() {
        return String.format(
                Locale.ROOT,
                "%d events; acknowledged writes: %d acks=all, %d acks=1, %d acks=0; %d failed, %d"
                        + " unknown; %d records read; %d changes of the metadata",
                events,
                acked.getOrDefault(Acks.ALL, 0L),
                acked.getOrDefault(Acks.LEADER, 0L),
                acked.getOrDefault(Acks.NONE, 0L),
                failed,
                unknown,
                read,
                admin);
    }
}
