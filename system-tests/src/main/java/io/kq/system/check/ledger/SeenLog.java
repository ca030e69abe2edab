package io.kq.system.check.ledger;

/** One partition as anyone was told it: the first value told for each offset. */
public final class SeenLog {

    private final LongColumn values = new LongColumn();
    private final IntColumn lines = new IntColumn();
    private final IntColumn readLines = new IntColumn();

    void acked(long offset, long value, int line) {
        if (lines.get(offset) < 0) {
            values.put(offset, value);
            lines.put(offset, line);
        }
    }

    void read(long offset, long value, int line) {
        acked(offset, value, line);
        if (readLines.get(offset) < 0) {
            readLines.put(offset, line);
        }
    }

    public long value(long offset) {
        return values.get(offset);
    }

    /** Where it was told first, by an acknowledgement or a reader; -1: nowhere. */
    public int line(long offset) {
        return lines.get(offset);
    }

    /** Where a reader got it first; -1: none did. */
    public int readLine(long offset) {
        return readLines.get(offset);
    }

    /** One above the highest offset told. */
    public int end() {
        return lines.size();
    }
}
