package io.kq.log.layout;

import java.util.OptionalLong;

/** File names made of an offset, 20 digits so that they sort, and what the file holds. */
public enum OffsetFileName {
    /** Batches from that offset on. */
    SEGMENT(".log"),
    /** What was known of producers when the log ended at that offset. */
    PRODUCERS(".producers");

    private static final int DIGITS = 20;

    private final String suffix;

    OffsetFileName(String suffix) {
        this.suffix = suffix;
    }

    /** The name for {@code offset}. */
    public String of(long offset) {
        return String.format("%0" + DIGITS + "d", offset) + suffix;
    }

    /** The offset in a name of this kind, empty for any other name. */
    public OptionalLong parse(String fileName) {
        if (fileName.length() != DIGITS + suffix.length() || !fileName.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        long offset = 0;
        for (int i = 0; i < DIGITS; i++) {
            int digit = fileName.charAt(i) - '0';
            if (digit < 0 || digit > 9 || offset > (Long.MAX_VALUE - digit) / 10) {
                return OptionalLong.empty();
            }
            offset = offset * 10 + digit;
        }
        return OptionalLong.of(offset);
    }
}
