package io.kq.client.metadata;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cluster as the client knows it. Follows the metadata stream of one node, for the topics that
 * somebody asked about; when that stream ends or falls silent, of the next one: first the bootstrap
 * addresses, then those of the nodes it was told of. A snapshot never goes back to an older
 * version, whatever node it comes from. On the client's loop, except where a method says "any
 * thread".
 */
public final class ClusterView {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterView.class);

    /**
     * A stream on which nothing is heard for so long has ended: nodes speak every second, and who
     * replaces one that is silent is known after a session's three.
     */
    static final Duration SILENCE_MAX = Duration.ofMillis(2_500);

    /** A node that knows less than others for so long is left for another one. */
    static final Duration BEHIND_MAX = Duration.ofSeconds(5);

    /** A stream must begin within this. */
    static final Duration BEGIN_MAX = Duration.ofSeconds(2);

    private static final Duration PAUSE_MIN = Duration.ofMillis(50);
    private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final Clock clock;
    private final MetadataFeed feed;
    private final TopicLookup lookup;
    private final List<NodeAddress> bootstrap;
    private final List<ClusterListener> listeners = new ArrayList<>();
    private final List<TopicWaiter> waiters = new ArrayList<>();
    private final AttemptLog failures = new AttemptLog();

    /** Topics that somebody asked about; grows only. */
    private final Set<String> interest = new HashSet<>();

    /** What is known; replaced as a whole on the loop. Invariant: its version never falls. */
    private volatile ClusterSnapshot snapshot = ClusterSnapshot.UNKNOWN;

    private @Nullable Watch watch;
    private boolean started;
    private boolean closed;

    /** Next address to try; counts up, taken modulo the number of addresses. */
    private int cursor;

    /** Tries since a stream last began. */
    private int fruitlessTries;

    private boolean resubscribing;

    public ClusterView(
            EventLoop loop,
            Clock clock,
            MetadataFeed feed,
            TopicLookup lookup,
            List<NodeAddress> bootstrap) {
        this.loop = loop;
        this.clock = clock;
        this.feed = feed;
        this.lookup = lookup;
        this.bootstrap = bootstrap;
    }

    /** What is known now. Any thread. */
    public ClusterSnapshot snapshot() {
        return snapshot;
    }

    /** Adds one who is told of all changes from now on. */
    public void addListener(ClusterListener listener) {
        listeners.add(listener);
    }

    /** The node whose stream is followed, if one is: an address that certainly answers. */
    public @Nullable NodeAddress connected() {
        return watch != null && watch.begun ? watch.address : null;
    }

    /** Addresses at which a node may be found. Never empty. */
    public List<NodeAddress> candidates() {
        Set<NodeAddress> all = new LinkedHashSet<>(bootstrap);
        all.addAll(snapshot.nodes().values());
        return List.copyOf(all);
    }

    /** The same: {@code first} if it is known, then a node that certainly answers, then all. */
    public List<NodeAddress> candidatesAfter(@Nullable NodeAddress first) {
        Set<NodeAddress> ordered = new LinkedHashSet<>();
        for (NodeAddress address : Arrays.asList(first, connected())) {
            if (address != null) {
                ordered.add(address);
            }
        }
        ordered.addAll(candidates());
        return List.copyOf(ordered);
    }

    /**
     * Finds a topic, and follows it from now on. Any thread.
     *
     * @return fails with TOPIC_NOT_FOUND, with UNREACHABLE if no node answered {@code within}
     */
    public CompletableFuture<TopicView> topic(String name, Duration within) {
        CompletableFuture<TopicView> result = new CompletableFuture<>();
        loop.submit(() -> find(name, within, result));
        return result;
    }

    /** Follows the cluster from now on, though nobody asked about a topic yet. Any thread. */
    public void start() {
        loop.submit(
                () -> {
                    if (!closed && !started) {
                        started = true;
                        openNext();
                    }
                });
    }

    private void find(String name, Duration within, CompletableFuture<TopicView> result) {
        if (closed) {
            result.completeExceptionally(closedRejection());
            return;
        }
        TopicView known = snapshot.topic(name);
        if (known != null) {
            result.complete(known);
            return;
        }
        TopicWaiter waiter = new TopicWaiter(name, result, clock.nanoTime());
        waiters.add(waiter);
        loop.schedule(within, () -> giveUp(waiter));
        if (interest.add(name)) {
            resubscribe();
        } else {
            lookUpMissing();
        }
    }

    private void giveUp(TopicWaiter waiter) {
        if (!waiters.remove(waiter)) {
            return;
        }
        Duration elapsed = Duration.ofNanos(clock.nanoTime() - waiter.sinceNanos);
        waiter.result.completeExceptionally(
                connected() == null
                        ? failures.unreachable(elapsed, true)
                        : new RejectedException(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "topic '" + waiter.name + "' is not known within " + elapsed));
    }

    private static RejectedException closedRejection() {
        return new RejectedException(ErrorCode.NOT_READY, "the client is closed");
    }

    /** Ends the stream; nobody is told anything after it. */
    public void close() {
        closed = true;
        listeners.clear();
        if (watch != null) {
            watch.end();
        }
        List.copyOf(waiters).forEach(w -> w.result.completeExceptionally(closedRejection()));
        waiters.clear();
    }

    /** Once per turn of the loop, however many topics were added in it. */
    private void resubscribe() {
        if (resubscribing) {
            return;
        }
        resubscribing = true;
        loop.submit(
                () -> {
                    resubscribing = false;
                    if (closed) {
                        return;
                    }
                    Watch before = watch;
                    if (before != null) {
                        before.end();
                        open(before.address);
                    } else if (!started) {
                        started = true;
                        openNext();
                    }
                });
    }

    private void openNext() {
        if (!closed) {
            List<NodeAddress> candidates = candidates();
            open(candidates.get(Math.floorMod(cursor++, candidates.size())));
        }
    }

    private void open(NodeAddress address) {
        Watch next = new Watch(address);
        watch = next;
        next.subscription = feed.watch(address, Set.copyOf(interest), next);
        next.watchSilence();
    }

    private void ended(Watch over, String reason) {
        if (over != watch) {
            return;
        }
        watch = null;
        failures.failed(over.address, reason);
        if (over.begun) {
            LOG.debug("Metadata stream ended node={} reason={}", over.address, reason);
        }
        int round = candidates().size();
        if (over.lasted() || ++fruitlessTries % round != 0) {
            loop.submit(this::openNext);
            return;
        }
        int rounds = Math.min(fruitlessTries / round, 10);
        Duration pause = PAUSE_MIN.multipliedBy(1L << rounds);
        loop.schedule(
                pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX,
                () -> {
                    if (watch == null) {
                        openNext();
                    }
                });
    }

    private void publish(ClusterSnapshot next) {
        if (next.version() < snapshot.version()) {
            return;
        }
        boolean moved = !next.equals(snapshot);
        snapshot = next;
        waiters.removeIf(
                waiter -> {
                    TopicView found = next.topic(waiter.name);
                    return found != null && waiter.result.complete(found);
                });
        if (moved) {
            List.copyOf(listeners).forEach(listener -> listener.onCluster(next));
        }
        lookUpMissing();
    }

    /** A node that has no such topic may only be behind: the cluster itself is asked. */
    private void lookUpMissing() {
        Watch current = watch;
        if (current == null || !current.begun) {
            return;
        }
        for (TopicWaiter waiter : waiters) {
            if (!waiter.asked) {
                waiter.asked = true;
                var unused =
                        lookup.find(waiter.name)
                                .whenComplete(
                                        (found, failure) ->
                                                loop.submit(() -> told(waiter, failure)));
            }
        }
    }

    private void told(TopicWaiter waiter, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RejectedException rejected
                && !rejected.code().isRetriable()
                && waiters.remove(waiter)) {
            waiter.result.completeExceptionally(rejected);
        }
    }

    /** Somebody who waits for a topic. */
    private static final class TopicWaiter {
        private final String name;
        private final CompletableFuture<TopicView> result;
        private final long sinceNanos;
        private boolean asked;

        TopicWaiter(String name, CompletableFuture<TopicView> result, long sinceNanos) {
            this.name = name;
            this.result = result;
            this.sinceNanos = sinceNanos;
        }
    }

    /** One stream of one node, with that node's own picture. */
    private final class Watch implements MetadataFeed.Listener {

        private final NodeAddress address;
        private MetadataFeed.@Nullable Subscription subscription;
        private ClusterSnapshot picture = ClusterSnapshot.UNKNOWN;
        private boolean begun;
        private final long openedNanos = clock.nanoTime();
        private long heardNanos = openedNanos;

        /** Since when the node has been behind what is known. */
        private long freshNanos = heardNanos;

        Watch(NodeAddress address) {
            this.address = address;
        }

        /** Whether it was of use; one that begins and ends at once is not. */
        boolean lasted() {
            return begun && heardNanos - openedNanos >= PAUSE_MAX.toNanos();
        }

        void end() {
            if (watch == this) {
                watch = null;
            }
            if (subscription != null) {
                subscription.cancel();
            }
        }

        @Override
        public void onSnapshot(ClusterSnapshot next) {
            if (watch != this) {
                return;
            }
            if (snapshot.isKnown() && !next.clusterId().equals(snapshot.clusterId())) {
                abandon("belongs to another cluster");
                return;
            }
            begun = true;
            failures.clear();
            heard(next);
        }

        @Override
        public void onChange(ClusterChange change) {
            if (watch == this) {
                heard(picture.with(change));
            }
        }

        @Override
        public void onHeartbeat(long version) {
            if (watch == this) {
                heard(version > picture.version() ? picture.at(version) : picture);
            }
        }

        private void heard(ClusterSnapshot next) {
            picture = next;
            heardNanos = clock.nanoTime();
            if (lasted()) {
                fruitlessTries = 0;
            }
            if (next.version() >= snapshot.version()) {
                freshNanos = heardNanos;
                publish(next);
            }
        }

        @Override
        public void onEnded(String reason) {
            ended(this, reason);
        }

        private void abandon(String reason) {
            if (watch == this) {
                if (subscription != null) {
                    subscription.cancel();
                }
                ended(this, reason);
            }
        }

        private Duration untilSilent() {
            return SILENCE_MAX.minusNanos(clock.nanoTime() - heardNanos);
        }

        private void watchSilence() {
            loop.schedule(
                    begun ? untilSilent() : BEGIN_MAX,
                    () -> {
                        if (watch != this) {
                            return;
                        }
                        long nowNanos = clock.nanoTime();
                        if (!begun) {
                            abandon("no answer");
                        } else if (nowNanos - heardNanos >= SILENCE_MAX.toNanos()) {
                            abandon("fell silent");
                        } else if (nowNanos - freshNanos >= BEHIND_MAX.toNanos()) {
                            abandon("is behind the others");
                        } else {
                            watchSilence();
                        }
                    });
        }
    }
}
