package io.kq.system.check;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.rule.Rule;
import io.kq.system.history.Event;
import io.kq.system.history.HistoryReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The check of one history with its dumps: read once, judged, and told as a {@link Verdict}. */
public final class HistoryCheck {

    private final Ledger ledger = new Ledger();
    private final Findings findings = new Findings();
    private final List<Rule> rules = Rule.all(ledger, findings);
    private final Gaps gaps = new Gaps(ledger);
    private final Tally tally = new Tally(ledger);
    private final RunCounts counts;

    private HistoryCheck(long ackedMin) {
        counts = new RunCounts(ledger, ackedMin);
    }

    /**
     * @param dumps what each node had on its disk, by node id
     * @param ackedMin acknowledged writes without which a run does not count
     */
    public static Verdict check(Path history, Map<Integer, Path> dumps, long ackedMin)
            throws IOException {
        HistoryCheck check = new HistoryCheck(ackedMin);
        try (HistoryReader reader = new HistoryReader(history)) {
            for (Event event = reader.next(); event != null; event = reader.next()) {
                check.take(event, reader.line());
            }
        }
        for (Map.Entry<Integer, Path> dump : dumps.entrySet()) {
            check.ledger.add(DumpReader.read(dump.getKey(), dump.getValue()));
        }
        check.rules.forEach(Rule::end);
        return new Verdict(
                check.findings.broken(),
                check.counts.end(),
                check.gaps.faults(),
                check.tally.words());
    }

    private void take(Event event, int line) {
        ledger.take(event, line);
        for (Rule rule : rules) {
            rule.see(event, line);
        }
        counts.see(event);
        gaps.see(event);
        tally.see(event);
    }
}
