package io.kq.system.check.ledger;

import io.kq.system.history.Event;
import io.kq.system.history.Event.Acks;
import io.kq.system.history.WrittenValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** The fate of each write, by its value. */
public final class Writes {

    /** How a write ended, as far as its writer knows. */
    public enum Fate {
        NEVER_SENT,
        OPEN,
        ACKED,
        FAILED,
        UNKNOWN
    }

    private static final List<Fate> FATES = List.of(Fate.values());
    private static final List<Acks> ACKS = List.of(Acks.values());

    /** Columns of one writer, by the number of the write. */
    private static final class Columns {
        /** Fate + 8 * acks + 32 * partition. */
        private final IntColumn word = new IntColumn();

        private final IntColumn sentLine = new IntColumn();
        private final IntColumn endLine = new IntColumn();
        private final LongColumn ackedOffset = new LongColumn();
        private final LongColumn firstOffset = new LongColumn();
        private final IntColumn firstLine = new IntColumn();
    }

    private final List<Columns> writers = new ArrayList<>();

    private Columns of(long value) {
        int writer = WrittenValue.writer(value);
        while (writers.size() <= writer) {
            writers.add(new Columns());
        }
        return writers.get(writer);
    }

    private int word(long value) {
        return value == WrittenValue.CORRUPT ? -1 : of(value).word.get(WrittenValue.number(value));
    }

    void sent(Event.Sent sent, int line) {
        Columns columns = of(sent.value());
        long number = WrittenValue.number(sent.value());
        int word = FATES.indexOf(Fate.OPEN) + 8 * ACKS.indexOf(sent.acks()) + 32 * sent.partition();
        columns.word.put(number, word);
        columns.sentLine.put(number, line);
    }

    void ended(long value, Fate fate, int line) {
        int word = word(value);
        if (word >= 0) {
            long number = WrittenValue.number(value);
            of(value).word.put(number, (word & ~7) + FATES.indexOf(fate));
            of(value).endLine.put(number, line);
        }
    }

    void acked(Event.Acked acked, int line) {
        ended(acked.value(), Fate.ACKED, line);
        of(acked.value()).ackedOffset.put(WrittenValue.number(acked.value()), acked.offset());
    }

    /**
     * The value is at an offset of its partition: by the first acknowledgement or reading of it.
     */
    void seen(long value, long offset, int line) {
        if (word(value) >= 0 && firstOffset(value) < 0) {
            of(value).firstOffset.put(WrittenValue.number(value), offset);
            of(value).firstLine.put(WrittenValue.number(value), line);
        }
    }

    public Fate fate(long value) {
        int word = word(value);
        return word < 0 ? Fate.NEVER_SENT : FATES.get(word & 7);
    }

    /** NONE if never sent. */
    public Acks acks(long value) {
        int word = word(value);
        return word < 0 ? Acks.NONE : ACKS.get((word >> 3) & 3);
    }

    /** -1 if never sent. */
    public int partition(long value) {
        int word = word(value);
        return word < 0 ? -1 : word >> 5;
    }

    /** -1 if not acknowledged with an offset. */
    public long ackedOffset(long value) {
        return of(value).ackedOffset.get(WrittenValue.number(value));
    }

    /** Where it was seen first; -1: nowhere. */
    public long firstOffset(long value) {
        return of(value).firstOffset.get(WrittenValue.number(value));
    }

    public int firstLine(long value) {
        return of(value).firstLine.get(WrittenValue.number(value));
    }

    public int sentLine(long value) {
        return of(value).sentLine.get(WrittenValue.number(value));
    }

    public int endLine(long value) {
        return of(value).endLine.get(WrittenValue.number(value));
    }

    /** Whether retries of it never write twice. */
    public boolean isIdempotent(long value) {
        return acks(value) == Acks.ALL;
    }

    /** Gives all values that were sent, writer by writer in the order of sending. */
    public void forEach(LongConsumer action) {
        for (int writer = 0; writer < writers.size(); writer++) {
            IntColumn words = writers.get(writer).word;
            for (int number = 0; number < words.size(); number++) {
                if (words.get(number) >= 0) {
                    action.accept(WrittenValue.of(writer, number));
                }
            }
        }
    }
}
