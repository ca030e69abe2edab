package io.kq.metadata.assignor;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The assignors that a group can choose from, by name. */
public final class Assignors {

    /** What members get that do not choose. */
    public static final String DEFAULT = "uniform";

    private static final Map<String, Assignor> BY_NAME =
            Map.of(DEFAULT, new UniformAssignor(), "range", new RangeAssignor());

    private Assignors() {}

    public static Optional<Assignor> of(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** All names, in order. */
    public static Collection<String> names() {
        return new TreeMap<>(BY_NAME).keySet();
    }

    /** What most of {@code votes} name; of several the default one, or else the first. */
    public static String chosen(Collection<String> votes) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        votes.stream()
                .filter(BY_NAME::containsKey)
                .forEach(vote -> counts.merge(vote, 1, Integer::sum));
        String chosen = DEFAULT;
        int most = counts.getOrDefault(DEFAULT, 0);
        for (Map.Entry<String, Integer> vote : counts.entrySet()) {
            if (vote.getValue() > most) {
                chosen = vote.getKey();
                most = vote.getValue();
            }
        }
        return chosen;
    }
}
