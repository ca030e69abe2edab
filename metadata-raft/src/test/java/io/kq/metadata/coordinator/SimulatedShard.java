package io.kq.metadata.coordinator;

import io.kq.metadata.group.TopicIndex;
import io.kq.metadata.group.TopicIndex.Topic;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A shard whose log commits at once, or not at all, and coordinators that follow each other. */
final class SimulatedShard {

    static final UUID A = new UUID(0, 1);

    final ManualClock clock = new ManualClock();
    final ManualEventLoop loop = new ManualEventLoop(clock);
    final Map<String, Topic> topics = new HashMap<>(Map.of("a", new Topic(A, 2)));
    final GroupDecisions decisions = new GroupDecisions(() -> new TopicIndex(topics));
    ShardImage image = ShardImage.EMPTY;
    CoordinatorLoop coordinator = newCoordinator();
    int entries;
    private final List<Runnable> held = new ArrayList<>();
    private boolean stalled;
    private long term = 1;

    SimulatedShard() {
        leads();
    }

    private CoordinatorLoop newCoordinator() {
        return new CoordinatorLoop(
                0,
                new CoordinatorPorts(
                        loop,
                        clock,
                        this::append,
                        () -> image,
                        () -> OptionalLong.of(term),
                        decisions,
                        Duration.ofSeconds(2)));
    }

    /** From now on no majority answers, until {@link #answers}. */
    void stalls() {
        stalled = true;
    }

    /** What waits is committed. */
    void answers() {
        stalled = false;
        held.forEach(Runnable::run);
        held.clear();
        loop.runDue();
    }

    private CompletableFuture<AppliedEntry> append(ShardBatch batch) {
        CompletableFuture<AppliedEntry> applied = new CompletableFuture<>();
        Runnable commit = () -> applied.complete(commit(batch));
        if (stalled) {
            held.add(commit);
        } else {
            commit.run();
        }
        return applied;
    }

    private AppliedEntry commit(ShardBatch batch) {
        boolean ignored = image.ignores(batch, term);
        image = image.after(batch, image.index() + 1, term);
        entries++;
        return new AppliedEntry(image.index(), term, ignored);
    }

    private void leads() {
        coordinator.onLeaderReady(term);
        loop.runDue();
    }

    /** Another node leads from now on; its coordinator knows what is written, and nobody. */
    void failOver() {
        coordinator.onNotLeader();
        loop.runDue();
        term++;
        coordinator = newCoordinator();
        leads();
    }

    /** Time passes in small steps, as it does for loops that look again and again. */
    void pass(Duration time) {
        for (long left = time.toMillis(); left > 0; left -= 50) {
            clock.advance(Duration.ofMillis(Math.min(50, left)));
            loop.runDue();
        }
    }
}
