package io.kq.protocol.config;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes and durations as people write them: {@code 1GiB}, {@code 64KiB}, {@code 7d}, {@code 500ms},
 * or Kafka's plain numbers of bytes and milliseconds. Any thread.
 */
public final class Quantity {

    private static final Pattern FORM = Pattern.compile("(-?[0-9]{1,19})\\s*([A-Za-z]*)");

    private static final Map<String, Long> BYTES =
            Map.of(
                    "",
                    1L,
                    "B",
                    1L,
                    "KiB",
                    1L << 10,
                    "MiB",
                    1L << 20,
                    "GiB",
                    1L << 30,
                    "TiB",
                    1L << 40,
                    "kB",
                    1_000L,
                    "MB",
                    1_000_000L,
                    "GB",
                    1_000_000_000L);

    private static final Map<String, Long> MILLIS =
            Map.of(
                    "",
                    1L,
                    "ms",
                    1L,
                    "s",
                    1_000L,
                    "m",
                    60_000L,
                    "h",
                    3_600_000L,
                    "d",
                    86_400_000L,
                    "w",
                    604_800_000L);

    private Quantity() {}

    /**
     * Bytes; a number without a unit is bytes.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    public static long bytes(String text) {
        return parse(
                text,
                BYTES,
                "a size is a number of bytes, or has the unit KiB, MiB, GiB, TiB, kB, MB or GB");
    }

    /**
     * Milliseconds; a number without a unit is milliseconds.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    public static long millis(String text) {
        return parse(
                text,
                MILLIS,
                "a duration is a number of milliseconds, or has the unit ms, s, m, h, d or w");
    }

    private static long parse(String text, Map<String, Long> units, String forms) {
        Matcher matcher = FORM.matcher(text.strip());
        Long unit = matcher.matches() ? units.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(forms + "; this is '" + text + "'");
        }
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw new IllegalArgumentException("'" + text + "' is out of range", tooLarge);
        }
    }
}
