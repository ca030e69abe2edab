package io.kq.system.check.ledger;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found wrong, by the invariant's id: the first ones in words, all of them counted. */
public final class Findings {

    private static final int WORDS_MAX = 10;

    /** One invariant that does not hold. */
    public static final class Broken {
        private final List<String> examples = new ArrayList<>();
        private long count;

        public List<String> examples() {
            return examples;
        }

        public long count() {
            return count;
        }
    }

    private final TreeMap<String, Broken> broken = new TreeMap<>();

    /** Notes a violation; {@code format} as in {@link String#format}. */
    @FormatMethod
    public void violation(String rule, @FormatString String format, Object... arguments) {
        Broken each = broken.computeIfAbsent(rule, r -> new Broken());
        each.count++;
        if (each.examples.size() < WORDS_MAX) {
            each.examples.add(String.format(format, arguments));
        }
    }

    public Map<String, Broken> broken() {
        return broken;
    }
}
