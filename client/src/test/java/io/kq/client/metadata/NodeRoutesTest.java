package io.kq.client.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class NodeRoutesTest {

    private static final NodeAddress A = new NodeAddress("a", 9092);
    private static final NodeAddress B = new NodeAddress("b", 9092);

    private final ManualClock clock = new ManualClock();

    private NodeRoutes routes(NodeAddress... bootstrap) {
        MetadataFeed silent = (node, topics, listener) -> () -> {};
        ClusterView view =
                new ClusterView(
                        new ManualEventLoop(clock),
                        clock,
                        silent,
                        topic -> new CompletableFuture<>(),
                        List.of(bootstrap));
        return new NodeRoutes(view, clock);
    }

    @Test
    void triesALoneAddressAgainWithinASecondHoweverOftenItFailed() {
        NodeRoutes routes = routes(A);
        for (int i = 0; i < 20; i++) {
            routes.failed(A);
            assertThat(routes.to(0)).isNull();
            clock.advance(Duration.ofSeconds(1));
            assertThat(routes.to(0)).isEqualTo(A);
        }
    }

    @Test
    void leavesAnAddressAloneForLongerEachTimeWhileAnotherOneAnswers() {
        NodeRoutes routes = routes(A, B);
        for (int i = 0; i < 20; i++) {
            routes.failed(A);
        }
        clock.advance(Duration.ofSeconds(119));
        assertThat(routes.to(0)).isEqualTo(B);
        clock.advance(Duration.ofSeconds(1));
        assertThat(routes.to(0)).isEqualTo(A);
    }

    @Test
    void triesAllAddressesInTurnsWhenNoneAnswers() {
        NodeRoutes routes = routes(A, B);
        for (int i = 0; i < 20; i++) {
            routes.failed(A);
            routes.failed(B);
        }
        assertThat(routes.to(0)).isNull();
        clock.advance(Duration.ofSeconds(1));
        assertThat(routes.to(0)).isEqualTo(A);
        routes.failed(A);
        assertThat(routes.to(0)).isEqualTo(B);
    }

    @Test
    void usesAnAddressAtOnceThatAnsweredAfterItsFailures() {
        NodeRoutes routes = routes(A);
        routes.failed(A);
        routes.connected(A);
        assertThat(routes.to(0)).isEqualTo(A);
    }
}
