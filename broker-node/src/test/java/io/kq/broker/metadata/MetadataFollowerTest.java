package io.kq.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.broker.metadata.FeedConnector.Feed;
import io.kq.broker.metadata.FeedConnector.Listener;
import io.kq.metadata.FollowedMetadata;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.FeedItem;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a node without a voter follows, and for how long. */
class MetadataFollowerTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final List<Throwable> faults = new ArrayList<>();
    private final FollowedMetadata metadata =
            new FollowedMetadata(MetadataImage.EMPTY, (where, cause) -> faults.add(cause));
    private final List<SimulatedFeed> feeds = new ArrayList<>();
    private final MetadataFollower follower =
            new MetadataFollower(
                    () -> List.of(0, 1, 2),
                    metadata,
                    this::connect,
                    loop,
                    clock,
                    (where, cause) -> faults.add(cause));

    private static final class SimulatedFeed implements Feed {
        private final int voterId;
        private final Listener listener;
        private boolean closed;

        SimulatedFeed(int voterId, Listener listener) {
            this.voterId = voterId;
            this.listener = listener;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private long index;

    private Feed connect(int voterId, long lastIndex, long lastTerm, Listener listener) {
        SimulatedFeed feed = new SimulatedFeed(voterId, listener);
        feeds.add(feed);
        return feed;
    }

    @BeforeEach
    void start() {
        var unused = follower.start();
        loop.runDue();
    }

    @AfterEach
    void close() {
        metadata.close();
    }

    private SimulatedFeed newest() {
        return feeds.get(feeds.size() - 1);
    }

    private void hear(int controllerId) {
        newest().listener
                .onItem(new FeedItem.ImagePart(++index, 1, controllerId, 1, List.of(), true));
        loop.runDue();
    }

    private void end() {
        newest().listener.onEnd(new RejectedException(ErrorCode.UNREACHABLE, "gone"));
        loop.runDue();
    }

    private void pass(Duration time) {
        for (long ms = 0; ms < time.toMillis(); ms += 50) {
            clock.advance(Duration.ofMillis(50));
            loop.runDue();
        }
    }

    @Test
    void takesTheVotersInTurnWhileNoneAnswers() {
        for (int i = 0; i < 5; i++) {
            end();
            pass(Duration.ofMillis(200));
        }
        assertThat(feeds).extracting(feed -> feed.voterId).containsExactly(1, 2, 0, 1, 2, 0);
    }

    @Test
    void goesOverToTheControllerOnceItKnowsIt() {
        SimulatedFeed first = newest();
        hear(2);
        assertThat(first.closed).isTrue();
        assertThat(newest().voterId).isEqualTo(2);
        hear(2);
        assertThat(feeds).hasSize(2);
    }

    @Test
    void leavesAFeedThatIsSilentForTwoHeartbeats() {
        hear(1);
        pass(Duration.ofSeconds(1));
        assertThat(feeds).hasSize(1);
        pass(Duration.ofMillis(750));
        assertThat(feeds.get(0).closed).isTrue();
        assertThat(newest().voterId).isNotEqualTo(1);
    }

    @Test
    void doesNotGoBackAtOnceToAControllerThatItLost() {
        hear(2);
        end();
        pass(Duration.ofMillis(200));
        int other = newest().voterId;
        assertThat(other).isNotEqualTo(2);
        hear(2);
        assertThat(newest().voterId).isEqualTo(other);
    }

    @Test
    void followsNobodyAfterItStopped() {
        follower.stop();
        loop.runDue();
        int before = feeds.size();
        pass(Duration.ofSeconds(5));
        assertThat(feeds).hasSize(before);
        assertThat(newest().closed).isTrue();
    }

    @Test
    void feedThatCannotBeUnderstoodIsAFault() {
        newest().listener.onUnknown(new IllegalStateException("a record of tomorrow"));
        loop.runDue();
        assertThat(faults).hasSize(1);
    }
}
