package io.kq.system.check.rule;

import static io.kq.system.history.WrittenValue.text;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.LongColumn;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Bound;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * R10: while the ISR is smaller than min ISR, the high watermark stands still and no write is
 * acknowledged. That it was small all the time is known between two answers with the same partition
 * epoch; that the leader knew, a while after the first of them.
 */
final class StrictMinIsr implements Rule {

    private static final long GRACE_NANOS = Duration.ofSeconds(5).toNanos();

    /** A violation if the ISR is still the same afterwards. */
    private record Suspect(int line, String words) {}

    /** A time in which nothing says that the ISR was large enough. */
    private static final class Window {
        private final Event.StateTold state;
        private final int line;
        private final List<Suspect> suspects = new ArrayList<>();

        /** First line at which the leader must know; -1: not yet. */
        private int sureLine = -1;

        private long highWatermark = -1;
        private int highWatermarkLine;

        Window(Event.StateTold state, int line) {
            this.state = state;
            this.line = line;
        }
    }

    private final Ledger ledger;
    private final Findings findings;
    private final Map<Integer, Window> windows = new HashMap<>();
    private final LongColumn askedLines = new LongColumn();

    StrictMinIsr(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        for (Window window : windows.values()) {
            if (window.sureLine < 0 && event.nanos() - window.state.nanos() > GRACE_NANOS) {
                window.sureLine = line;
            }
        }
        if (event instanceof Event.Asked asked) {
            askedLines.put(asked.question(), line);
        } else if (event instanceof Event.StateTold state) {
            state(state, line);
        } else if (event instanceof Event.OffsetTold told && told.bound() == Bound.HIGH_WATERMARK) {
            highWatermark(told, line);
        } else if (event instanceof Event.Acked acked
                && ledger.writes().acks(acked.value()) != Acks.NONE) {
            acked(acked, line);
        }
    }

    private void state(Event.StateTold state, int line) {
        Window window = windows.get(state.partition());
        if (window != null && window.state.partitionEpoch() == state.partitionEpoch()) {
            confirm(window, askedLines.get(state.question()), line);
            return;
        }
        windows.remove(state.partition());
        if (state.isr().size() < ledger.started().minIsr()) {
            windows.put(state.partition(), new Window(state, line));
        }
    }

    private void confirm(Window window, long askedLine, int line) {
        window.suspects.removeIf(
                suspect -> {
                    if (suspect.line() >= askedLine) {
                        return false;
                    }
                    findings.violation(
                            "R10",
                            "under min ISR: partition %d: the ISR was %s from line %d to line %d;"
                                    + " %s",
                            window.state.partition(),
                            window.state.isr(),
                            window.line,
                            line,
                            suspect.words());
                    return true;
                });
    }

    private void highWatermark(Event.OffsetTold told, int line) {
        Window window = windows.get(told.partition());
        if (window == null
                || window.sureLine < 0
                || askedLines.get(told.question()) < window.sureLine
                || told.leaderEpoch() != window.state.leaderEpoch()) {
            return;
        }
        if (window.highWatermark >= 0 && told.offset() > window.highWatermark) {
            window.suspects.add(
                    new Suspect(
                            line,
                            "the high watermark moved from %d (line %d) to %d (line %d)"
                                    .formatted(
                                            window.highWatermark,
                                            window.highWatermarkLine,
                                            told.offset(),
                                            line)));
        }
        window.highWatermark = told.offset();
        window.highWatermarkLine = line;
    }

    private void acked(Event.Acked acked, int line) {
        Window window = windows.get(acked.partition());
        if (window != null
                && window.sureLine >= 0
                && ledger.writes().sentLine(acked.value()) > window.sureLine) {
            window.suspects.add(
                    new Suspect(
                            line,
                            "%s was sent in line %d and acknowledged in line %d"
                                    .formatted(
                                            text(acked.value()),
                                            ledger.writes().sentLine(acked.value()),
                                            line)));
        }
    }
}
