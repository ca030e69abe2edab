package io.kq.cli.shell;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** A point in time as people type it. */
public final class Moment {

    private Moment() {}

    /**
     * Milliseconds since 1970: of {@code 1795335609407}, {@code 2026-11-22T10:00:00Z}, {@code
     * 2026-11-22T10:00:00.000+01:00}, {@code 2026-11-22T10:00} or {@code 2026-11-22} (without an
     * offset: UTC).
     *
     * @throws CommandFailure it is none of these
     */
    public static long parse(String option, String text) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            try {
                return Long.parseLong(text);
            } catch (NumberFormatException e) {
                throw notATime(option, text);
            }
        }
        try {
            return instant(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw notATime(option, text);
        }
    }

    private static Instant instant(String text) {
        if (!text.contains("T")) {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        boolean hasOffset = text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$");
        return hasOffset
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }

    private static CommandFailure notATime(String option, String text) {
        return CommandFailure.usage(
                option + ": '" + text + "' is no time such as 2026-11-22T10:00:00Z");
    }
}
