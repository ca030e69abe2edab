package io.kq.protocol.config;

import com.google.errorprone.annotations.Immutable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which texts are values of a config.
 *
 * @param type how the text is read
 * @param min least number; of RATIO in thousandths
 * @param max greatest number; of RATIO in thousandths
 * @param choices the words of CHOICE, BOOLEAN and SET, else empty
 */
@Immutable
@SuppressWarnings("Immutable") // The list is copied.
record ValueRule(Type type, long min, long max, List<String> choices) {

    ValueRule {
        choices = List.copyOf(choices);
    }

    /** How a text is read. */
    enum Type {
        NUMBER("number"),
        SIZE("size"),
        DURATION("duration"),
        RATIO("ratio"),
        BOOLEAN("boolean"),
        CHOICE("choice"),
        SET("list"),
        LIST("list");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** The type's name in documentation. */
        String word() {
            return word;
        }
    }

    static ValueRule number(long min, long max) {
        return new ValueRule(Type.NUMBER, min, max, List.of());
    }

    static ValueRule size(long min, long max) {
        return new ValueRule(Type.SIZE, min, max, List.of());
    }

    static ValueRule duration(long minMillis, long maxMillis) {
        return new ValueRule(Type.DURATION, minMillis, maxMillis, List.of());
    }

    /** From 0 to 1. */
    static ValueRule ratio() {
        return new ValueRule(Type.RATIO, 0, 1000, List.of());
    }

    static ValueRule bool() {
        return new ValueRule(Type.BOOLEAN, 0, 0, List.of("true", "false"));
    }

    static ValueRule choice(String... words) {
        return new ValueRule(Type.CHOICE, 0, 0, List.of(words));
    }

    /** Some of these words, at least one, with commas between them. */
    static ValueRule someOf(String... words) {
        return new ValueRule(Type.SET, 0, 0, List.of(words));
    }

    /** Words with commas between them, possibly none. */
    static ValueRule list() {
        return new ValueRule(Type.LIST, 0, 0, List.of());
    }

    /**
     * The value in Kafka's plain form: sizes in bytes, durations in milliseconds, no units.
     *
     * @throws IllegalArgumentException with a message for a person
     */
    String normalize(String value) {
        String text = value.strip();
        return switch (type) {
            case NUMBER -> Long.toString(inRange(plainNumber(text)));
            case SIZE -> Long.toString(inRange(Quantity.bytes(text)));
            case DURATION -> Long.toString(inRange(Quantity.millis(text)));
            case RATIO -> ratio(text);
            case BOOLEAN -> oneOf(text.toLowerCase(Locale.ROOT));
            case CHOICE -> oneOf(text);
            case SET -> someOf(text);
            case LIST -> text;
        };
    }

    private static long plainNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
        }
    }

    private long inRange(long number) {
        if (number < min || number > max) {
            throw new IllegalArgumentException(number + " is not in the range " + range());
        }
        return number;
    }

    private static String ratio(String text) {
        try {
            double ratio = Double.parseDouble(text);
            if (ratio >= 0 && ratio <= 1) {
                return text;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number out of range.
        }
        throw new IllegalArgumentException("'" + text + "' is not a number from 0 to 1");
    }

    private String oneOf(String word) {
        if (!choices.contains(word)) {
            throw new IllegalArgumentException(
                    "'" + word + "' is not one of " + String.join(", ", choices));
        }
        return word;
    }

    private String someOf(String text) {
        List<String> words = Arrays.stream(text.split(",", -1)).map(String::strip).toList();
        Set<String> different = new HashSet<>();
        words.forEach(word -> different.add(oneOf(word)));
        if (different.size() < words.size()) {
            throw new IllegalArgumentException("'" + text + "' names one of them twice");
        }
        return String.join(",", words);
    }

    /** The allowed values, for documentation and messages. */
    String range() {
        return switch (type) {
            case NUMBER, SIZE, DURATION ->
                    max >= Integer.MAX_VALUE ? "at least " + min : min + " to " + max;
            case RATIO -> "0 to 1";
            case BOOLEAN, CHOICE -> String.join(", ", choices);
            case SET -> String.join(", ", choices) + ", or several with commas between them";
            case LIST -> "words with commas between them";
        };
    }
}
