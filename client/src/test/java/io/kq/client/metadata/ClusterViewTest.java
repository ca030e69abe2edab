package io.kq.client.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a client leaves the node whose metadata stream it follows. */
class ClusterViewTest {

    private static final NodeAddress A = new NodeAddress("a", 9092);
    private static final NodeAddress B = new NodeAddress("b", 9092);

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final List<Stream> streams = new ArrayList<>();
    private final ClusterView view =
            new ClusterView(
                    loop, clock, this::watch, topic -> new CompletableFuture<>(), List.of(A, B));

    /** One that a node was asked for. */
    private static final class Stream {
        private final NodeAddress node;
        private final MetadataFeed.Listener listener;
        private boolean cancelled;

        Stream(NodeAddress node, MetadataFeed.Listener listener) {
            this.node = node;
            this.listener = listener;
        }
    }

    private MetadataFeed.Subscription watch(
            NodeAddress node, Set<String> topics, MetadataFeed.Listener listener) {
        Stream stream = new Stream(node, listener);
        streams.add(stream);
        return () -> stream.cancelled = true;
    }

    @BeforeEach
    void asksForATopic() {
        var unused = view.topic("t", Duration.ofMinutes(1));
        loop.runDue();
    }

    private Stream newest() {
        return streams.get(streams.size() - 1);
    }

    private void begins(long version) {
        newest().listener.onSnapshot(ClusterSnapshot.UNKNOWN.at(version));
    }

    private void pass(long millis) {
        for (long done = 0; done < millis; done += 100) {
            clock.advance(Duration.ofMillis(100));
            loop.runDue();
        }
    }

    @Test
    void leavesANodeThatDoesNotBegin() {
        pass(1_900);
        assertThat(streams).hasSize(1);
        pass(100);
        assertThat(streams).hasSize(2);
        assertThat(streams.get(0).cancelled).isTrue();
        assertThat(newest().node).isEqualTo(B);
    }

    /** Sooner than a session ends: who replaces the silent one is heard of without delay. */
    @Test
    void leavesANodeThatIsSilentForLongerThanTwoHeartbeats() {
        begins(5);
        for (int i = 0; i < 10; i++) {
            pass(1_500);
            newest().listener.onHeartbeat(5);
        }
        assertThat(streams).hasSize(1);
        pass(2_400);
        assertThat(streams).hasSize(1);
        pass(100);
        assertThat(streams).hasSize(2);
        assertThat(newest().node).isEqualTo(B);
    }

    @Test
    void leavesANodeThatStaysBehindWhatIsKnown() {
        begins(5);
        newest().listener.onEnded("it stops");
        loop.runDue();
        begins(3);
        for (int i = 0; i < 4; i++) {
            pass(1_000);
            newest().listener.onHeartbeat(4);
        }
        assertThat(streams).hasSize(2);
        assertThat(view.snapshot().version()).isEqualTo(5);
        pass(2_000);
        newest().listener.onHeartbeat(4);
        pass(1_000);
        assertThat(streams).hasSize(3);
    }
}
