package io.kq.cli.fake;

import io.kq.runtime.Clock;
import io.kq.runtime.ManualClock;
import java.time.Duration;

/** A clock that moves on a little each time it is looked at: nothing has to be waited for. */
public final class SteppingClock implements Clock {

    private static final Duration STEP = Duration.ofMillis(10);

    private final ManualClock clock = new ManualClock();

    @Override
    public long nanoTime() {
        clock.advance(STEP);
        return clock.nanoTime();
    }

    @Override
    public long epochMillis() {
        return clock.epochMillis();
    }
}
