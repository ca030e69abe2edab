package io.kq.broker.config;

import io.kq.broker.config.HostPort.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the text of a setting becomes a value.
 *
 * @param name for the reference, for example {@code duration}
 * @param range for the reference and for messages; empty: any
 * @param parser throws {@link IllegalArgumentException} with what is wrong, as a sentence's end
 */
public record ConfigType<T>(String name, String range, Function<String, T> parser) {

    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("(-?\\d+)\\s*([a-zA-Z%]*)");

    private static final Map<String, Long> BYTES =
            Map.of(
                    "",
                    1L,
                    "b",
                    1L,
                    "kib",
                    1L << 10,
                    "mib",
                    1L << 20,
                    "gib",
                    1L << 30,
                    "tib",
                    1L << 40,
                    "kb",
                    1_000L,
                    "mb",
                    1_000_000L,
                    "gb",
                    1_000_000_000L);

    private static final Map<String, Duration> UNITS_OF_TIME =
            Map.of(
                    "",
                    Duration.ofMillis(1),
                    "ms",
                    Duration.ofMillis(1),
                    "s",
                    Duration.ofSeconds(1),
                    "m",
                    Duration.ofMinutes(1),
                    "h",
                    Duration.ofHours(1),
                    "d",
                    Duration.ofDays(1));

    /** Any text without line breaks. */
    public static ConfigType<String> text() {
        return new ConfigType<>("text", "", text -> text);
    }

    /** {@code true} or {@code false}. */
    public static ConfigType<Boolean> flag() {
        return new ConfigType<>(
                "flag",
                "true, false",
                text ->
                        switch (text.toLowerCase(Locale.ROOT)) {
                            case "true" -> true;
                            case "false" -> false;
                            default -> throw wrong("is neither true nor false");
                        });
    }

    /** One of a few words, answered in lower case. */
    public static ConfigType<String> oneOf(String... words) {
        List<String> known = List.of(words);
        return new ConfigType<>(
                "word",
                String.join(", ", known),
                text -> {
                    String word = text.toLowerCase(Locale.ROOT);
                    if (!known.contains(word)) {
                        throw wrong("is none of " + String.join(", ", known));
                    }
                    return word;
                });
    }

    /** A whole number. */
    public static ConfigType<Integer> integer(int min, int max) {
        return new ConfigType<>(
                "number",
                min + " .. " + max,
                text -> {
                    long number = number(text, "is not a whole number");
                    inRange(number >= min && number <= max, min + " .. " + max);
                    return (int) number;
                });
    }

    /** Bytes: a plain number, or with a unit as in {@code 64KiB}, {@code 1GiB}. */
    public static ConfigType<Long> bytes(long min, long max, String range) {
        return new ConfigType<>(
                "size",
                range,
                text -> {
                    long bytes = bytesOf(text);
                    inRange(bytes >= min && bytes <= max, range);
                    return bytes;
                });
    }

    /** Bytes, or a share of {@code whole} as in {@code 25%}. */
    public static ConfigType<Long> bytesOrShare(long whole, String ofWhat, long min, String range) {
        return new ConfigType<>(
                "size, or % of " + ofWhat,
                range,
                text -> {
                    long bytes;
                    if (text.endsWith("%")) {
                        long share =
                                number(
                                        text.substring(0, text.length() - 1).strip(),
                                        "is not a percentage");
                        inRange(share >= 1 && share <= 100, "1% .. 100%");
                        bytes = Math.max(min, whole / 100 * share);
                    } else {
                        bytes = bytesOf(text);
                    }
                    inRange(bytes >= min, range);
                    return bytes;
                });
    }

    /** A time span: milliseconds as a plain number, or {@code 500ms}, {@code 10s}, {@code 7d}. */
    public static ConfigType<Duration> duration(Duration min, Duration max, String range) {
        return new ConfigType<>(
                "duration",
                range,
                text -> {
                    Matcher parts = parts(text, "is not a duration such as 500ms, 10s or 7d");
                    Duration unit = UNITS_OF_TIME.get(parts.group(2).toLowerCase(Locale.ROOT));
                    if (unit == null) {
                        throw wrong("has an unknown unit; known are ms, s, m, h, d");
                    }
                    Duration value;
                    try {
                        value = unit.multipliedBy(Long.parseLong(parts.group(1)));
                    } catch (NumberFormatException | ArithmeticException e) {
                        throw outOf(range);
                    }
                    inRange(value.compareTo(min) >= 0 && value.compareTo(max) <= 0, range);
                    return value;
                });
    }

    /** {@code host:port}; {@code [::1]:9092} for an IPv6 address. */
    public static ConfigType<HostPort> hostPort() {
        return new ConfigType<>("host:port", "", HostPort::parse);
    }

    /** {@code id@host:port,...}. */
    public static ConfigType<List<Peer>> peers() {
        return new ConfigType<>(
                "id@host:port, ...",
                "1, 3 or 5 of them",
                text -> {
                    List<Peer> peers = new ArrayList<>();
                    for (String part : text.split(",", -1)) {
                        Peer peer = Peer.parse(part.strip());
                        if (peers.stream().anyMatch(p -> p.nodeId() == peer.nodeId())) {
                            throw wrong("names node " + peer.nodeId() + " twice");
                        }
                        peers.add(peer);
                    }
                    inRange(
                            peers.size() == 1 || peers.size() == 3 || peers.size() == 5,
                            "1, 3 or 5 voters");
                    return List.copyOf(peers);
                });
    }

    /** A node id, or {@code auto} (empty). */
    public static ConfigType<Optional<Integer>> nodeId(int max) {
        return new ConfigType<>(
                "number or auto",
                "0 .. " + max,
                text -> {
                    if (text.equalsIgnoreCase("auto")) {
                        return Optional.empty();
                    }
                    long id = number(text, "is neither a number nor auto");
                    inRange(id >= 0 && id <= max, "0 .. " + max);
                    return Optional.of((int) id);
                });
    }

    /** A whole number above 0, or {@code auto}, which is 0. */
    public static ConfigType<Integer> integerOrAuto(int max) {
        return new ConfigType<>(
                "number or auto",
                "1 .. " + max,
                text -> {
                    if (text.equalsIgnoreCase("auto")) {
                        return 0;
                    }
                    long number = number(text, "is neither a number nor auto");
                    inRange(number >= 1 && number <= max, "1 .. " + max);
                    return (int) number;
                });
    }

    private static long bytesOf(String text) {
        Matcher parts = parts(text, "is not a size such as 1048576, 64KiB or 1GiB");
        Long unit = BYTES.get(parts.group(2).toLowerCase(Locale.ROOT));
        if (unit == null) {
            throw wrong("has an unknown unit; known are B, KiB, MiB, GiB, TiB, kB, MB, GB");
        }
        try {
            return Math.multiplyExact(Long.parseLong(parts.group(1)), unit);
        } catch (NumberFormatException | ArithmeticException e) {
            throw wrong("is too large");
        }
    }

    private static Matcher parts(String text, String otherwise) {
        Matcher parts = NUMBER_AND_UNIT.matcher(text);
        if (!parts.matches()) {
            throw wrong(otherwise);
        }
        return parts;
    }

    private static long number(String text, String otherwise) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw wrong(otherwise);
        }
    }

    private static void inRange(boolean holds, String range) {
        if (!holds) {
            throw outOf(range);
        }
    }

    private static IllegalArgumentException outOf(String range) {
        return wrong("is out of range (" + range + ")");
    }

    private static IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException(what);
    }
}
