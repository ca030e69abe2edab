package io.kq.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EventLoopTest {

    @Test
    void runsTasksInTheOrderOfTheirSubmission() throws Exception {
        List<Integer> seen = new ArrayList<>();
        CompletableFuture<List<Integer>> done = new CompletableFuture<>();
        try (EventLoop loop = EventLoop.start("test", (where, cause) -> {})) {
            for (int i = 0; i < 100; i++) {
                int number = i;
                loop.submit(() -> seen.add(number));
            }
            loop.submit(() -> done.complete(List.copyOf(seen)));
            assertThat(done.get()).hasSize(100).isSorted();
        }
    }

    @Test
    void handsABugToTheFaultHandlerAndGoesOn() throws Exception {
        CompletableFuture<Throwable> fault = new CompletableFuture<>();
        CompletableFuture<Boolean> after = new CompletableFuture<>();
        try (EventLoop loop = EventLoop.start("test", (where, cause) -> fault.complete(cause))) {
            loop.submit(
                    () -> {
                        throw new IllegalStateException("bug");
                    });
            loop.submit(() -> after.complete(loop.isCurrent()));
            assertThat(fault.get()).hasMessage("bug");
            assertThat(after.get()).isTrue();
        }
    }

    @Test
    void manualLoopRunsTimersOnlyWhenTheirTimeHasCome() {
        ManualClock clock = new ManualClock();
        ManualEventLoop loop = new ManualEventLoop(clock);
        List<String> seen = new ArrayList<>();
        loop.schedule(Duration.ofSeconds(2), () -> seen.add("late"));
        loop.schedule(Duration.ofSeconds(1), () -> seen.add("early"));
        loop.schedule(Duration.ofSeconds(1), () -> seen.add("cancelled")).cancel();
        loop.runDue();
        assertThat(seen).isEmpty();
        clock.advance(Duration.ofSeconds(3));
        loop.runDue();
        assertThat(seen).containsExactly("early", "late");
    }
}
