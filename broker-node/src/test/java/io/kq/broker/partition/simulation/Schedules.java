package io.kq.broker.partition.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Runs seeds; a seed that fails is run again to be read. */
final class Schedules {

    static {
        // What the controllers of some thousand clusters have to say is of no use to anybody.
        Logger controllers = (Logger) LoggerFactory.getLogger("io.kq.metadata.controller");
        controllers.setLevel(Level.OFF);
    }

    private Schedules() {}

    /** Runs a seed and adds what happened to {@code seen}. */
    static void run(long seed, Rules rules, Map<Sometimes, Integer> seen) {
        World world = new World(seed, rules, Set.of(), false);
        try {
            world.run();
        } catch (AssertionError | RuntimeException failure) {
            throw told(seed, rules, failure);
        }
        world.seen().forEach((what, count) -> seen.merge(what, count, Integer::sum));
    }

    /** The invariant that the wrong rule breaks with this seed, and how; null: none. */
    static @Nullable String violation(long seed, Canary canary) {
        try {
            new World(seed, canary.rules(), canary.focus(), false).run();
            return null;
        } catch (AssertionError | RuntimeException failure) {
            return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        }
    }

    /** Runs a seed with everything told. */
    static void replay(long seed, Rules rules) {
        World world = new World(seed, rules, Set.of(), true);
        try {
            world.run();
        } finally {
            System.out.println(world.report());
        }
    }

    private static AssertionError told(long seed, Rules rules, Throwable failure) {
        World again = new World(seed, rules, Set.of(), true);
        try {
            again.run();
        } catch (AssertionError | RuntimeException same) {
            // The same: a schedule is a function of its seed.
        }
        return new AssertionError(
                failure.getMessage()
                        + "\n"
                        + again.report()
                        + "\n"
                        + failure.getMessage()
                        + "\nagain with -Dkq.replication.seed="
                        + seed,
                failure);
    }
}
