package io.kq.broker.partition.simulation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tries all that can happen to a {@link SmallCluster}, in all orders, the short ones first; no
 * state twice. Stops when a number of states was seen, or all.
 */
final class Explorer {

    /** How a state came about: read from the end. */
    private record Path(@Nullable Path before, String what) {
        List<String> steps() {
            List<String> all = new ArrayList<>();
            for (Path path = this; path != null; path = path.before) {
                all.add(0, path.what);
            }
            return all;
        }
    }

    private record Open(SmallCluster state, @Nullable Path path) {}

    /**
     * What came of it.
     *
     * @param depth up to which everything was tried
     * @param complete whether there is nothing more to try
     */
    record Result(int states, int depth, boolean complete) {}

    private final Set<Long> seen = new HashSet<>();
    private final int statesMax;

    Explorer(int statesMax) {
        this.statesMax = statesMax;
    }

    /** Throws a {@link Violation} with the shortest way to it. */
    Result explore(SmallCluster initial) {
        List<Open> level = List.of(new Open(initial, null));
        seen.add(initial.fingerprint());
        int depth = 0;
        while (!level.isEmpty()) {
            List<Open> next = new ArrayList<>();
            for (Open open : level) {
                expand(open, next);
                if (seen.size() >= statesMax) {
                    return new Result(seen.size(), depth, false);
                }
            }
            level = next;
            depth++;
        }
        return new Result(seen.size(), depth, true);
    }

    private void expand(Open open, List<Open> next) {
        for (SmallCluster.Choice choice : open.state().choices()) {
            SmallCluster state = open.state().copy();
            Path path = new Path(open.path(), choice.what());
            try {
                choice.effect().accept(state);
                state.read();
            } catch (Violation found) {
                throw new AssertionError(
                        found.getMessage() + "\n" + String.join("\n", path.steps()) + "\n" + state,
                        found);
            }
            if (seen.add(state.fingerprint())) {
                next.add(new Open(state, path));
            }
        }
    }
}
