package io.kq.system.check.rule;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.history.Event;
import java.util.List;

/** An invariant over histories. Tells each violation to its {@link Findings}. */
public interface Rule {

    /** Sees an event that the ledger has taken in already. */
    default void see(Event event, int line) {}

    /** Judges what can only be judged when all is known. */
    default void end() {}

    /** All rules over one history, in the order of their ids. */
    static List<Rule> all(Ledger ledger, Findings findings) {
        return List.of(
                new Durability(ledger, findings),
                new NoVanishing(ledger, findings),
                new OneValuePerOffset(ledger, findings),
                new RealTimeAppend(ledger, findings),
                new HighWatermarkMonotone(ledger, findings),
                new Visibility(findings),
                new LogMatching(ledger, findings),
                new StrictMinIsr(ledger, findings),
                new OncePerValue(ledger, findings),
                new ProducerOrder(ledger, findings),
                new SequencesWithoutGap(ledger, findings),
                new ErrorClasses(ledger, findings),
                new FinalLogWithoutHole(ledger, findings),
                new ReadOrder(findings),
                new GenuineValues(ledger, findings),
                new AdminOnce(findings));
    }
}
