package io.kq.client;

import io.kq.protocol.RejectedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waiting for what the loop will say, and how long. */
final class Waits {

    /** Whoever says longer means for ever, and counted from now a longer time would overflow. */
    static final Duration LONGEST = Duration.ofDays(3_650);

    private Waits() {}

    /**
     * At most {@link #LONGEST}.
     *
     * @throws IllegalArgumentException it is negative
     */
    static Duration bounded(String name, Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException(name + " is negative: " + time);
        }
        return time.compareTo(LONGEST) > 0 ? LONGEST : time;
    }

    /** The answer; throws the {@link RejectedException} that it failed with. */
    static <T> T await(CompletableFuture<T> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RejectedException refused) {
                throw refused;
            }
            throw e;
        }
    }
}
