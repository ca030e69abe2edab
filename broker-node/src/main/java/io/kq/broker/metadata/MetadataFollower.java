package io.kq.broker.metadata;

import io.kq.broker.metadata.FeedConnector.Feed;
import io.kq.metadata.FollowedMetadata;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.FeedItem;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a feed from some voter going: the active controller's if it is known, since that one has
 * the news first, else the next voter's in turn. A feed that is silent for two heartbeats is left.
 *
 * <p>All state is owned by the event loop.
 */
public final class MetadataFollower {

    private static final Logger log = LoggerFactory.getLogger(MetadataFollower.class);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

    /** Feeds send a heartbeat every 500 ms. */
    private static final Duration SILENCE_MAX = Duration.ofMillis(1250);

    private static final Duration AVOID = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(200);

    private final Supplier<List<Integer>> voters;
    private final FollowedMetadata metadata;
    private final FeedConnector connector;
    private final EventLoop loop;
    private final Clock clock;
    private final FaultHandler faults;
    private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

    private @Nullable Feed feed;

    /** Whose feed it is. */
    private int voterId = -1;

    /** Number of the newest feed: what an older one still says does not count. */
    private int feedNumber;

    /** When the feed was opened or last said something, in nanoseconds. */
    private long heardNanos;

    /** Whose feed broke or was silent, and when. */
    private int leftId = -1;

    private long leftNanos;

    /** Where in {@link #voters} the next try goes when no controller is known. */
    private int turn;

    private boolean stopped;

    /**
     * Follows one of {@code voters}.
     *
     * @param voters as they are known at the time; never empty
     * @param faults told if the feed cannot be understood: the process must end
     */
    public MetadataFollower(
            Supplier<List<Integer>> voters,
            FollowedMetadata metadata,
            FeedConnector connector,
            EventLoop loop,
            Clock clock,
            FaultHandler faults) {
        this.voters = voters;
        this.metadata = metadata;
        this.connector = connector;
        this.loop = loop;
        this.clock = clock;
        this.faults = faults;
    }

    /** Starts. The future completes when a first image is there. */
    public CompletableFuture<Void> start() {
        loop.submit(
                () -> {
                    follow();
                    check();
                });
        return caughtUp;
    }

    /** Ends. */
    public void stop() {
        loop.submit(
                () -> {
                    stopped = true;
                    leave();
                });
    }

    private void follow() {
        if (stopped) {
            return;
        }
        leave();
        int number = ++feedNumber;
        voterId = choose();
        heardNanos = clock.nanoTime();
        MetadataImage image = metadata.image();
        feed =
                connector.follow(
                        voterId,
                        image.index(),
                        image.term(),
                        new FeedConnector.Listener() {
                            @Override
                            public void onItem(FeedItem item) {
                                loop.submit(() -> apply(number, item));
                            }

                            @Override
                            public void onUnknown(RuntimeException why) {
                                faults.onFault("metadata feed of node " + voterId, why);
                            }

                            @Override
                            public void onEnd(RejectedException why) {
                                loop.submit(() -> ended(number, why));
                            }
                        });
    }

    /** The controller first; if that was just left, the others in turn. */
    private int choose() {
        int controller = metadata.controller().nodeId();
        if (isBetter(controller)) {
            return controller;
        }
        List<Integer> known = voters.get();
        turn = (turn + 1) % known.size();
        if (wasJustLeft(known.get(turn))) {
            turn = (turn + 1) % known.size();
        }
        return known.get(turn);
    }

    /**
     * Whether to go over to the controller. Not to one that was left a moment ago: while a new one
     * is elected, the others still name it.
     */
    private boolean isBetter(int controller) {
        return controller != voterId && controller >= 0 && !wasJustLeft(controller);
    }

    private boolean wasJustLeft(int voter) {
        return voter == leftId && clock.nanoTime() - leftNanos < AVOID.toNanos();
    }

    private void apply(int number, FeedItem item) {
        if (number != feedNumber || stopped) {
            return;
        }
        heardNanos = clock.nanoTime();
        try {
            metadata.onItem(item);
        } catch (RejectedException behind) {
            ended(number, behind);
            return;
        }
        if (metadata.image().index() >= 0) {
            caughtUp.complete(null);
        }
        int controller = metadata.controller().nodeId();
        if (isBetter(controller)) {
            log.info("Follows the active controller from now on voter={}", controller);
            follow();
        }
    }

    private void ended(int number, RejectedException why) {
        if (number != feedNumber || stopped) {
            return;
        }
        if (feed != null && why.code() != ErrorCode.UNREACHABLE) {
            log.warn(
                    "Lost metadata feed, following another voter voter={} reason={} message={}",
                    voterId,
                    why.code(),
                    why.getMessage());
        }
        avoid();
        leave();
        int left = feedNumber;
        loop.schedule(
                RETRY,
                () -> {
                    if (feedNumber == left && feed == null) {
                        follow();
                    }
                });
    }

    private void check() {
        if (stopped) {
            return;
        }
        boolean silent = clock.nanoTime() - heardNanos > SILENCE_MAX.toNanos();
        if (feed != null && silent) {
            log.warn("Metadata feed is silent, following another voter voter={}", voterId);
            avoid();
            follow();
        }
        loop.schedule(CHECK_INTERVAL, this::check);
    }

    private void avoid() {
        leftId = voterId;
        leftNanos = clock.nanoTime();
    }

    private void leave() {
        Feed old = feed;
        feed = null;
        if (old != null) {
            old.close();
            metadata.onStreamEnd();
        }
    }
}
