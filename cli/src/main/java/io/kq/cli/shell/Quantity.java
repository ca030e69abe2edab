package io.kq.cli.shell;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people type and read them. */
public final class Quantity {

    private static final Pattern NUMBER_AND_UNIT =
            Pattern.compile("(\\d+(?:\\.\\d+)?) ?([A-Za-z]*)");

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
                    "min",
                    60_000L,
                    "h",
                    3_600_000L,
                    "d",
                    86_400_000L);

    /** Longer ones are typing errors, or mean for ever; in nanoseconds they would overflow. */
    private static final BigDecimal MILLIS_MAX = BigDecimal.valueOf(36_500L * 86_400_000L);

    private static final List<String> BYTE_UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

    private Quantity() {}

    /**
     * {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1.5h}, {@code 7d}; a plain number is ms; at
     * most 36500d.
     */
    public static Optional<Duration> duration(String text) {
        Matcher matcher = NUMBER_AND_UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Long unit = MILLIS.get(matcher.group(2).toLowerCase(Locale.ROOT));
        if (unit == null || matcher.group(1).length() > 15) {
            return Optional.empty();
        }
        BigDecimal millis = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return millis.compareTo(MILLIS_MAX) > 0
                ? Optional.empty()
                : Optional.of(Duration.ofMillis(millis.longValue()));
    }

    /** The same, for an option that must have one. */
    public static Duration duration(String option, String text) {
        return duration(text)
                .orElseThrow(
                        () ->
                                CommandFailure.usage(
                                        option + ": '" + text + "' is not a time such as 10s"));
    }

    /** {@code 512B}, {@code 1.2GiB}; {@code -} if not known (negative). */
    public static String bytes(long bytes) {
        if (bytes < 0) {
            return "-";
        }
        double scaled = bytes;
        int unit = 0;
        while (scaled >= 1024 && unit < BYTE_UNITS.size() - 1) {
            scaled /= 1024;
            unit++;
        }
        return unit == 0
                ? bytes + "B"
                : String.format(Locale.ROOT, "%.1f%s", scaled, BYTE_UNITS.get(unit));
    }

    /** {@code 42 s}, {@code 5 min}, {@code 3 h}, {@code 2 d}: how long ago something was. */
    public static String age(Duration age) {
        long seconds = Math.max(0, age.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 7_200) {
            return seconds / 60 + " min";
        }
        return seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " d";
    }
}
