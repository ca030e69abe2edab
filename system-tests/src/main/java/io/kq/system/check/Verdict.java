package io.kq.system.check;

import io.kq.system.check.ledger.Findings;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What came out of a check. */
public final class Verdict {

    private static final double NANOS = 1e9;

    private final Map<String, Findings.Broken> broken;
    private final List<String> doesNotCount;
    private final List<Gaps.Fault> faults;
    private final String tally;

    Verdict(
            Map<String, Findings.Broken> broken,
            List<String> doesNotCount,
            List<Gaps.Fault> faults,
            String tally) {
        this.broken = broken;
        this.doesNotCount = doesNotCount;
        this.faults = faults;
        this.tally = tally;
    }

    /** By the id of the invariant. */
    public Map<String, Findings.Broken> broken() {
        return broken;
    }

    /** Why the run says nothing; empty if it does. */
    public List<String> doesNotCount() {
        return doesNotCount;
    }

    /** 0: good. 1: an invariant is broken. 3: not, but the run does not count. */
    public int exitCode() {
        return !broken.isEmpty() ? 1 : doesNotCount.isEmpty() ? 0 : 3;
    }

    /** For people; the lines that begin with {@code gap} are also for scripts. */
    public void print(PrintStream out) {
        out.println("history " + tally);
        for (int i = 0; i < faults.size(); i++) {
            Gaps.Fault fault = faults.get(i);
            out.println("fault   " + (i + 1) + ": " + fault.text() + errors(fault));
            out.printf(
                    Locale.ROOT,
                    "gap     fault=%d affected=%.3f others=%.3f after=%.3f admin=%.3f errors=%d%n",
                    i + 1,
                    fault.affected() / NANOS,
                    fault.others() / NANOS,
                    fault.afterwards() / NANOS,
                    fault.admin() / NANOS,
                    fault.errors().values().stream().mapToInt(Integer::intValue).sum());
        }
        broken.forEach(
                (rule, each) -> {
                    out.println("broken  " + rule + " " + times(each.count()));
                    each.examples().forEach(example -> out.println("        " + example));
                });
        doesNotCount.forEach(reason -> out.println("void    " + reason));
        out.println(
                "verdict "
                        + switch (exitCode()) {
                            case 0 -> "good";
                            case 1 -> "VIOLATION of " + String.join(", ", broken.keySet());
                            default -> "the run does not count";
                        });
    }

    private static String errors(Gaps.Fault fault) {
        return fault.errors().isEmpty() ? "" : "; failed writes: " + fault.errors();
    }

    private static String times(long count) {
        return count == 1 ? "once" : count + " times";
    }
}
