package io.kq.system.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a stream must have carried: lines with masks, and where their order is free. */
final class ExpectedText {

    private static final String UUID =
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    /** {@code <uuid>} and the others, or an escape. */
    private static final Pattern SPECIAL =
            Pattern.compile("<(uuid|id|millis|n|s)>|\\\\([ts\\\\])", Pattern.DOTALL);

    private final List<Line> lines = new ArrayList<>();

    /** One line, without its end. */
    private record Line(String written, Pattern pattern, boolean inAnyOrder) {
        boolean matches(String actual) {
            return pattern.matcher(actual).matches();
        }
    }

    void add(String written, boolean inAnyOrder) {
        lines.add(new Line(written, pattern(written), inAnyOrder));
    }

    void addAll(ExpectedText other) {
        lines.addAll(other.lines);
    }

    int size() {
        return lines.size();
    }

    /** Fails if {@code actual} is not exactly this; every line must be complete. */
    void verify(String what, String actual) {
        List<String> found = new ArrayList<>(List.of(actual.split("\n", -1)));
        String unfinished = found.remove(found.size() - 1);
        List<String> shown = shown(found);
        if (!unfinished.isEmpty()) {
            shown.add(unfinished + "<no end of line>");
        }
        assertThat(String.join("\n", shown))
                .as(what)
                .isEqualTo(String.join("\n", lines.stream().map(Line::written).toList()));
    }

    /** The lines as this file would write them, so that only true differences are seen. */
    private List<String> shown(List<String> found) {
        List<String> shown = new ArrayList<>();
        int next = 0;
        while (next < found.size()) {
            Line expected = next < lines.size() ? lines.get(next) : null;
            if (expected != null && expected.inAnyOrder()) {
                int end = endOfBlock(next);
                shown.addAll(inOrder(next, found.subList(next, Math.min(end, found.size()))));
                next = Math.min(end, found.size());
            } else {
                shown.add(shown(expected, found.get(next)));
                next++;
            }
        }
        return shown;
    }

    private static String shown(@Nullable Line expected, String actual) {
        return expected != null && expected.matches(actual)
                ? expected.written()
                : actual.replace("\\", "\\\\").replace("\t", "\\t").replaceAll(" $", "\\\\s");
    }

    private int endOfBlock(int from) {
        int end = from;
        while (end < lines.size() && lines.get(end).inAnyOrder()) {
            end++;
        }
        return end;
    }

    /** Those that are expected from line {@code from} on, in the file's order, then the rest. */
    private List<String> inOrder(int from, List<String> found) {
        List<String> left = new ArrayList<>(found);
        List<String> sorted = new ArrayList<>();
        for (int i = from; i < from + found.size(); i++) {
            Line expected = lines.get(i);
            left.stream()
                    .filter(expected::matches)
                    .findFirst()
                    .ifPresent(
                            actual -> {
                                left.remove(actual);
                                sorted.add(expected.written());
                            });
        }
        left.forEach(actual -> sorted.add(shown(null, actual)));
        return sorted;
    }

    private static Pattern pattern(String written) {
        StringBuilder pattern = new StringBuilder();
        Matcher special = SPECIAL.matcher(written);
        int from = 0;
        while (special.find()) {
            pattern.append(Pattern.quote(written.substring(from, special.start())));
            pattern.append(
                    special.group(1) != null ? mask(special.group(1)) : escape(special.group(2)));
            from = special.end();
        }
        pattern.append(Pattern.quote(written.substring(from)));
        return Pattern.compile(pattern.toString());
    }

    private static String mask(String name) {
        return switch (name) {
            case "uuid" -> UUID;
            case "id" -> "[A-Za-z0-9_-]{22}";
            case "millis" -> "\\d{13}";
            case "n" -> "\\d+";
            case "s" -> "\\d+\\.\\d+";
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static String escape(String letter) {
        return switch (letter) {
            case "t" -> "\t";
            case "s" -> " ";
            default -> "\\\\";
        };
    }
}
