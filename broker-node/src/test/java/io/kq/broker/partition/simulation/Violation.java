package io.kq.broker.partition.simulation;

import java.io.Serial;
import java.util.function.Supplier;

/** An invariant does not hold. */
public final class Violation extends AssertionError {

    @Serial private static final long serialVersionUID = 1L;

    public Violation(String invariant, String what) {
        super(invariant + ": " + what);
    }

    static void check(boolean holds, String invariant, Supplier<String> what) {
        if (!holds) {
            throw new Violation(invariant, what.get());
        }
    }
}
