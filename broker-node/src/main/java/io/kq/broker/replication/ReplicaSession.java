package io.kq.broker.replication;

import io.kq.broker.partition.PartitionLeader;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.partition.ReplicaSubscription;
import io.kq.broker.stream.CreditedSession;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * One follower node's stream on its leaders' node: its subscriptions to partitions that are led
 * here, and its credit. Called by the stream's edge, one thread at a time; the leaders call from
 * any.
 */
public final class ReplicaSession {

    /** Far above what one node leads of what another one follows: it asks for nothing else. */
    static final int SUBSCRIPTIONS_MAX = 100_000;

    private final PartitionRegistry registry;
    private final Executor background;
    private final CatchUpPace pace;
    private final ReplicaSink sink;
    private final CreditedSession<Opening> stream;

    /** Subscriptions that were asked for and are not over. */
    private final Map<Long, ReplicaFeed> feeds = new ConcurrentHashMap<>();

    /** A subscription that its leader took, and from where on it is pushed. */
    private record Opening(ReplicaFeed feed, long fromOffset) {}

    /**
     * A stream without subscriptions.
     *
     * @param background for what may have to come from the disk
     * @param pace of what does
     */
    public ReplicaSession(
            PartitionRegistry registry, ReplicaSink sink, Executor background, CatchUpPace pace) {
        this.registry = registry;
        this.background = background;
        this.pace = pace;
        this.sink = sink;
        this.stream = new CreditedSession<>(this::open, new Edge(), SUBSCRIPTIONS_MAX, background);
    }

    private ReplicaSource open(Opening opening, Runnable wake) {
        opening.feed().wokenBy(wake);
        return new ReplicaSource(
                opening.feed(), opening.fromOffset(), sink, wake, background, pace);
    }

    /** Asks a partition's leader to take a subscription. Answered through the sink. */
    public void subscribe(TopicIdPartition partition, ReplicaSubscription asked) {
        PartitionLeader leader;
        try {
            leader = registry.leaderOf(partition);
        } catch (RejectedException reason) {
            stream.submit(() -> sink.ended(asked.generation(), reason));
            return;
        }
        if (feeds.size() >= SUBSCRIPTIONS_MAX) {
            RejectedException tooMany =
                    new RejectedException(
                            ErrorCode.OVERLOADED,
                            "a stream has at most " + SUBSCRIPTIONS_MAX + " subscriptions");
            stream.submit(() -> sink.ended(asked.generation(), tooMany));
            return;
        }
        ReplicaFeed feed = new ReplicaFeed(this, leader, asked);
        if (feeds.putIfAbsent(feed.id(), feed) != null) {
            RejectedException inUse =
                    new RejectedException(
                            ErrorCode.INVALID_ARGUMENT,
                            "subscription " + feed.id() + " is there already on this stream");
            stream.submit(() -> sink.ended(feed.id(), inUse));
            return;
        }
        background.execute(() -> subscribe(feed, asked));
    }

    private void subscribe(ReplicaFeed feed, ReplicaSubscription asked) {
        if (feeds.get(feed.id()) != feed) {
            return;
        }
        try {
            feed.leader().subscribe(asked, feed);
        } catch (RejectedException reason) {
            ended(feed, reason);
        }
        // The stream may have ended before the leader knew of the feed: nobody else would tell it.
        if (feeds.get(feed.id()) != feed) {
            feed.cancel();
        }
    }

    /** The follower wants no more of it. Takes effect with the next drain. */
    public void unsubscribe(long id) {
        ReplicaFeed feed = feeds.remove(id);
        if (feed != null) {
            feed.cancel();
            stream.unsubscribe(id);
        }
    }

    /** The follower says how far it has a partition; unknown subscriptions are over. */
    public void acknowledged(long id, int leaderEpoch, long endOffset, boolean failed) {
        ReplicaFeed feed = feeds.get(id);
        if (feed != null) {
            feed.acknowledged(leaderEpoch, endOffset, failed);
        }
    }

    /** Adds to what may be pushed. Takes effect with the next drain. */
    public void grant(long bytes) {
        stream.grant(bytes);
    }

    /** Runs {@code input} in the drain. Takes effect with the next drain. */
    public void submit(Runnable input) {
        stream.submit(input);
    }

    /** Does what there is to do. */
    public void drain() {
        stream.drain();
    }

    /** Ends everything; the sink is not called any more. */
    public void close(Runnable last) {
        feeds.values().forEach(ReplicaFeed::cancel);
        feeds.clear();
        stream.close(last);
    }

    void begin(ReplicaFeed feed, long fromOffset) {
        stream.submit(
                () -> {
                    if (feeds.get(feed.id()) == feed) {
                        stream.subscribe(feed.id(), new Opening(feed, fromOffset));
                    } else {
                        feed.cancel();
                    }
                });
        stream.drain();
    }

    void diverged(ReplicaFeed feed, int epoch, long endOffset) {
        if (feeds.remove(feed.id(), feed)) {
            stream.unsubscribe(feed.id());
            stream.submit(() -> sink.diverged(feed, epoch, endOffset));
            stream.drain();
        }
    }

    void ended(ReplicaFeed feed, RejectedException reason) {
        if (feeds.remove(feed.id(), feed)) {
            stream.unsubscribe(feed.id());
            stream.submit(() -> sink.ended(feed.id(), reason));
            stream.drain();
        }
    }

    /** The sink as the stream of openings sees it. */
    private final class Edge implements CreditedSession.Sink<Opening> {
        @Override
        public boolean isReady() {
            return sink.isReady();
        }

        @Override
        public void flush() {
            sink.flush();
        }

        @Override
        public void ended(Opening opening, RejectedException reason) {
            if (feeds.remove(opening.feed().id(), opening.feed())) {
                opening.feed().cancel();
                sink.ended(opening.feed().id(), reason);
            }
        }

        @Override
        public void completed() {}

        @Override
        public void failed(RuntimeException cause) {
            sink.failed(cause);
        }
    }
}
