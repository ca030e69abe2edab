package io.kq.broker.partition.simulation;

import io.kq.runtime.ManualClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The events to come, in the order of their times; events of one time in the order of their birth.
 */
final class VirtualTime {

    private record Event(long millis, long sequence, Runnable action) {}

    private final PriorityQueue<Event> queue =
            new PriorityQueue<>(
                    Comparator.comparingLong(Event::millis).thenComparingLong(Event::sequence));
    private final ManualClock clock = new ManualClock();
    private long millis;
    private long sequence;

    ManualClock clock() {
        return clock;
    }

    /** Since the beginning of the run. */
    long millis() {
        return millis;
    }

    long nanos() {
        return clock.nanoTime();
    }

    void after(long delayMillis, Runnable action) {
        queue.add(new Event(millis + delayMillis, sequence++, action));
    }

    void every(long intervalMillis, Runnable action) {
        after(
                intervalMillis,
                () -> {
                    action.run();
                    every(intervalMillis, action);
                });
    }

    /** Runs the next event, at its time. */
    void runNext() {
        Event event = queue.remove();
        if (event.millis() > millis) {
            clock.advance(Duration.ofMillis(event.millis() - millis));
            millis = event.millis();
        }
        event.action().run();
    }
}
