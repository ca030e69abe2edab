package io.kq.system.check.rule;

import io.kq.system.check.ledger.Findings;
import io.kq.system.check.ledger.Ledger;
import io.kq.system.check.ledger.ReplicaDump;
import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.Event.Bound;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * R5 and the log start's half of R6: of two answers of which one ended before the other was asked
 * for, the later one is not lower, unless it came from a leader of an older epoch. A high watermark
 * is above all that was acknowledged before it was asked for, unless that was acknowledged in a
 * newer epoch (which the dumps tell).
 */
final class HighWatermarkMonotone implements Rule {

    /** The highest answer so far of leaders up to an epoch, and its line. */
    private record Highest(long offset, int line) {}

    /** What had been told by a moment: per partition and bound, by epoch. */
    private record Told(int partition, Bound bound) {}

    /** The highest acknowledged offset of a partition at a moment. */
    private record Acknowledged(long offset, int line) {}

    /** An answer that lies below what had been acknowledged; whether it may, its epoch decides. */
    private record Suspect(Event.OffsetTold told, int line, Acknowledged before) {}

    /** All that was known when a question was asked. */
    private record Question(
            Map<Told, TreeMap<Integer, Highest>> highest,
            Map<Integer, Acknowledged> acknowledged) {}

    private static final int OPEN_MAX = 4096;

    private final Ledger ledger;
    private final Findings findings;
    private final Map<Told, TreeMap<Integer, Highest>> highest = new HashMap<>();
    private final Map<Integer, Acknowledged> acknowledged = new HashMap<>();

    /** The questions asked last; older ones are without an answer for good. */
    private final Map<Long, Question> open =
            new java.util.LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Question> eldest) {
                    return size() > OPEN_MAX;
                }
            };

    private final List<Suspect> suspects = new ArrayList<>();

    HighWatermarkMonotone(Ledger ledger, Findings findings) {
        this.ledger = ledger;
        this.findings = findings;
    }

    @Override
    public void see(Event event, int line) {
        if (event instanceof Event.Asked asked) {
            Map<Told, TreeMap<Integer, Highest>> copy = new HashMap<>();
            highest.forEach((what, byEpoch) -> copy.put(what, new TreeMap<>(byEpoch)));
            open.put(asked.question(), new Question(copy, Map.copyOf(acknowledged)));
        } else if (event instanceof Event.OffsetTold told) {
            Question question = open.get(told.question());
            if (question != null) {
                judge(told, line, question);
            }
            note(told, line);
        } else if (event instanceof Event.Acked acked
                && ledger.writes().acks(acked.value()) == Acks.ALL) {
            acknowledged.merge(
                    acked.partition(),
                    new Acknowledged(acked.offset(), line),
                    (before, now) -> now.offset() > before.offset() ? now : before);
        }
    }

    /** Keeps for each epoch the highest answer of it and of all older ones. */
    private void note(Event.OffsetTold told, int line) {
        TreeMap<Integer, Highest> byEpoch =
                highest.computeIfAbsent(
                        new Told(told.partition(), told.bound()), k -> new TreeMap<>());
        Map.Entry<Integer, Highest> older = byEpoch.floorEntry(told.leaderEpoch());
        if (older == null || older.getValue().offset() < told.offset()) {
            Highest now = new Highest(told.offset(), line);
            byEpoch.put(told.leaderEpoch(), now);
            byEpoch.tailMap(told.leaderEpoch(), false)
                    .values()
                    .removeIf(newer -> newer.offset() <= now.offset());
        }
    }

    private void judge(Event.OffsetTold told, int line, Question question) {
        TreeMap<Integer, Highest> byEpoch =
                question.highest().get(new Told(told.partition(), told.bound()));
        Map.Entry<Integer, Highest> before =
                byEpoch == null ? null : byEpoch.floorEntry(told.leaderEpoch());
        if (before != null && before.getValue().offset() > told.offset()) {
            findings.violation(
                    told.bound() == Bound.HIGH_WATERMARK ? "R5" : "R6",
                    "went back: partition %d: the %s was %d (line %d, epoch %d), and later %d (line"
                            + " %d, epoch %d)",
                    told.partition(),
                    told.bound() == Bound.HIGH_WATERMARK ? "high watermark" : "log start",
                    before.getValue().offset(),
                    before.getValue().line(),
                    before.getKey(),
                    told.offset(),
                    line,
                    told.leaderEpoch());
        }
        Acknowledged acked = question.acknowledged().get(told.partition());
        if (told.bound() == Bound.HIGH_WATERMARK
                && acked != null
                && told.offset() <= acked.offset()) {
            suspects.add(new Suspect(told, line, acked));
        }
    }

    @Override
    public void end() {
        for (Suspect each : suspects) {
            int epoch = epochOf(each.told().partition(), each.before().offset());
            if (epoch >= 0 && epoch <= each.told().leaderEpoch()) {
                findings.violation(
                        "R5",
                        "below an acknowledged offset: partition %d: offset %d of epoch %d was"
                            + " acknowledged (line %d), and later the high watermark was told as %d"
                            + " (line %d, epoch %d)",
                        each.told().partition(),
                        each.before().offset(),
                        epoch,
                        each.before().line(),
                        each.told().offset(),
                        each.line(),
                        each.told().leaderEpoch());
            }
        }
    }

    private int epochOf(int partition, long offset) {
        for (ReplicaDump dump : ledger.dumps()) {
            ReplicaDump.Replica replica = dump.replicas().get(partition);
            if (replica != null && replica.epoch(offset) >= 0) {
                return replica.epoch(offset);
            }
        }
        return -1;
    }
}
