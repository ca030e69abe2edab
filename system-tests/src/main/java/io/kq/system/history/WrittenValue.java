package io.kq.system.history;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.kq.runtime.Invariant;
import org.jspecify.annotations.Nullable;

/**
 * The values of a history: which writer wrote it and its how manieth, in a long. On the wire it
 * stands in text with its partition and fills the record by repeating itself, so that a changed
 * byte shows.
 */
public final class WrittenValue {

    /** What came back is no text that a writer has made. */
    public static final long CORRUPT = -1;

    public static final int WRITERS_MAX = 1 << 16;

    private static final int NUMBER_BITS = 47;
    private static final long NUMBER_MAX = (1L << NUMBER_BITS) - 1;

    private WrittenValue() {}

    public static long of(int writer, long number) {
        Invariant.check(
                writer >= 0 && writer < WRITERS_MAX && number >= 0 && number <= NUMBER_MAX,
                "writer=%s number=%s",
                writer,
                number);
        return ((long) writer << NUMBER_BITS) | number;
    }

    public static int writer(long value) {
        return (int) (value >>> NUMBER_BITS);
    }

    public static long number(long value) {
        return value & NUMBER_MAX;
    }

    /** {@code writer-number}, or {@code ?} for what is corrupt. */
    public static String text(long value) {
        return value == CORRUPT ? "?" : writer(value) + "-" + number(value);
    }

    /** The opposite of {@link #text}. */
    public static long parse(String text) {
        int dash = text.indexOf('-');
        if (dash < 1) {
            return CORRUPT;
        }
        try {
            return of(
                    Integer.parseInt(text, 0, dash, 10),
                    Long.parseLong(text, dash + 1, text.length(), 10));
        } catch (NumberFormatException notOurs) {
            return CORRUPT;
        }
    }

    /** The bytes of a record: {@code writer-number@partition;} again and again. */
    public static byte[] bytes(long value, int partition, int size) {
        byte[] unit = (text(value) + "@" + partition + ";").getBytes(US_ASCII);
        byte[] bytes = new byte[Math.max(size, unit.length)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = unit[i % unit.length];
        }
        return bytes;
    }

    /** What a record carries; corrupt unless every byte is as it was written for the partition. */
    public static long read(byte @Nullable [] bytes, int partition) {
        if (bytes == null) {
            return CORRUPT;
        }
        int at = 0;
        while (at < bytes.length && bytes[at] != '@') {
            at++;
        }
        long value = parse(new String(bytes, 0, at, US_ASCII));
        if (value == CORRUPT) {
            return CORRUPT;
        }
        return java.util.Arrays.equals(bytes, bytes(value, partition, bytes.length))
                ? value
                : CORRUPT;
    }
}
