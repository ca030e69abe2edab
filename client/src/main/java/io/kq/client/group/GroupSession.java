package io.kq.client.group;

import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A member's place in its group: joins, stays, comes back when the stream or the coordinator is
 * lost, begins anew when it was taken for dead. Methods for any thread unless said otherwise; all
 * else is on the client's loop.
 */
public final class GroupSession {

    private static final Duration VIEW_MAX = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofMillis(500);

    /** A coordinator that answers none of so many heartbeats is lost. */
    private static final double HEARTBEATS_MISSED_MAX = 2.5;

    private static final Duration HEARTBEAT_BEFORE_JOINED = Duration.ofSeconds(1);

    private final EventLoop loop;
    private final Clock clock;
    private final GroupConfig config;
    private final Duration requestTimeout;
    private final ClusterView view;
    private final SessionLinks links;
    private final Runnable onNews;
    private final PendingCommits commits = new PendingCommits();

    private @Nullable Subscription subscription;
    private @Nullable Link link;
    private String memberId = "";
    private int epoch;
    private int incarnation = 1;
    private int failures;
    private int cursor;
    private long nextAssignment = 1;
    private Duration heartbeatInterval = HEARTBEAT_BEFORE_JOINED;

    /** The application has not polled for too long, and is no member until it does. */
    private boolean away;

    private boolean reconnectPlanned;
    private boolean closed;
    private @Nullable CompletableFuture<Void> left;

    private volatile long polledNanos;
    private volatile MemberAssignment assignment = MemberAssignment.NONE;
    private volatile @Nullable RejectedException fatal;

    /** Why it is not joined now; null: it is. */
    private volatile @Nullable RejectedException trouble;

    /**
     * @param view tells where nodes are
     * @param requestTimeout bound of a commit
     * @param onNews told of each new assignment, and of the end, on the loop
     */
    public GroupSession(
            EventLoop loop,
            Clock clock,
            GroupConfig config,
            Duration requestTimeout,
            ClusterView view,
            SessionLinks links,
            Runnable onNews) {
        this.loop = loop;
        this.clock = clock;
        this.config = config;
        this.requestTimeout = requestTimeout;
        this.view = view;
        this.links = links;
        this.onNews = onNews;
        this.polledNanos = clock.nanoTime();
    }

    // ---- what the application does

    /** Joins, or subscribes otherwise. */
    public void subscribe(Subscription wanted) {
        loop.submit(
                () -> {
                    boolean first = subscription == null;
                    subscription = wanted;
                    if (first) {
                        connectWhenKnown(clock.nanoTime());
                        look();
                    } else if (link != null && link.joining) {
                        link.stream().join(memberId, wanted);
                    }
                });
    }

    /** The newest assignment. */
    public MemberAssignment assignment() {
        return assignment;
    }

    /** Why this member will never be one again; empty until then. */
    public @Nullable RejectedException fatal() {
        return fatal;
    }

    /** Why it is not in its group now, though it tries; null: it is. */
    public @Nullable RejectedException trouble() {
        return trouble;
    }

    /** The application is alive. */
    public void polled() {
        polledNanos = clock.nanoTime();
    }

    /** Nothing is read any more of what {@code of} does not name. */
    public void release(MemberAssignment of) {
        loop.submit(
                () -> {
                    Link present = link;
                    if (present != null && present.joined && of.incarnation() == incarnation) {
                        present.stream().release(of.version());
                    }
                });
    }

    /**
     * Commits; goes on over lost streams and coordinators.
     *
     * @return completes when it is safe; fails with {@link RejectedException}: FENCED_MEMBER_EPOCH
     *     (a partition is another member's), UNKNOWN_MEMBER, DEADLINE_EXCEEDED (indefinite)
     */
    public CompletableFuture<Void> commit(Map<TopicPartition, GroupOffset> offsets) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.submit(() -> enqueue(offsets, done));
        return done;
    }

    /**
     * Leaves; completes when the group knows. One that is not with its coordinator just now goes
     * back to it first: else it would count as a member until its session timeout.
     */
    public CompletableFuture<Void> leave() {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        loop.submit(
                () -> {
                    boolean mayBeMember = !memberId.isEmpty() || (link != null && link.joining);
                    if (closed || fatal != null || !mayBeMember) {
                        gone.complete(null);
                        return;
                    }
                    left = gone;
                    if (link != null && link.joined) {
                        link.leave();
                    }
                });
        return gone;
    }

    /** Ends all. On the loop. */
    public void close() {
        closed = true;
        if (link != null) {
            link.end();
        }
        commits.failAll(new RejectedException(ErrorCode.NOT_READY, "the consumer is closed"));
    }

    // ---- on the loop

    private void enqueue(Map<TopicPartition, GroupOffset> offsets, CompletableFuture<Void> done) {
        RejectedException over = fatal;
        if (closed || over != null) {
            done.completeExceptionally(
                    over != null
                            ? over
                            : new RejectedException(ErrorCode.NOT_READY, "the consumer is closed"));
            return;
        }
        send(commits.add(offsets, done, clock.nanoTime()));
    }

    private void send(long id) {
        Link present = link;
        PendingCommit commit = commits.get(id);
        if (present != null && present.joined && commit != null) {
            commit.sent();
            present.stream().commit(id, epoch, commit.offsets());
        }
    }

    /** The first time; a view of the cluster tells where to go, if there is one soon. */
    private void connectWhenKnown(long sinceNanos) {
        boolean known = view.snapshot().coordinator(config.groupId()) != null;
        if (known || clock.nanoTime() - sinceNanos >= VIEW_MAX.toNanos()) {
            connect();
        } else {
            loop.schedule(PAUSE_MIN, () -> connectWhenKnown(sinceNanos));
        }
    }

    private void connect() {
        if (closed || fatal != null || away || link != null) {
            return;
        }
        // The coordinator itself, if it is known: any other node only passes on what is said.
        List<NodeAddress> candidates =
                view.candidatesAfter(view.snapshot().coordinator(config.groupId()));
        Link next = new Link();
        link = next;
        next.lastHeardNanos = clock.nanoTime();
        next.stream = links.open(candidates.get(Math.floorMod(cursor, candidates.size())), next);
    }

    private void reconnect(RejectedException why) {
        link = null;
        trouble = why;
        cursor++;
        if (reconnectPlanned || closed || fatal != null || away) {
            return;
        }
        reconnectPlanned = true;
        long nanos = PAUSE_MIN.toNanos() << Math.min(failures++, 5);
        loop.schedule(
                Duration.ofNanos(Math.min(nanos, PAUSE_MAX.toNanos())),
                () -> {
                    reconnectPlanned = false;
                    connect();
                });
    }

    /** From time to time: whoever is silent, and whatever takes too long. */
    private void look() {
        if (closed || fatal != null) {
            return;
        }
        long now = clock.nanoTime();
        commits.expire(now, requestTimeout, trouble);
        boolean late = now - polledNanos > config.pollInterval().toNanos();
        if (late && !away) {
            away = true;
            leaveForNow();
        } else if (!late && away) {
            away = false;
            connect();
        }
        Link present = link;
        if (present != null) {
            present.look(now);
        }
        loop.schedule(LOOK, this::look);
    }

    private void leaveForNow() {
        Link present = link;
        if (present != null && present.joining) {
            present.stream().leave();
        }
        beginAnew(
                new RejectedException(
                        ErrorCode.UNKNOWN_MEMBER,
                        "the application did not poll for "
                                + config.pollInterval().toMillis()
                                + " ms, so its partitions went to others"));
    }

    /** All that it had is lost. */
    private void beginAnew(RejectedException why) {
        memberId = "";
        epoch = 0;
        incarnation++;
        trouble = why;
        commits.failAll(why);
        assignment = new MemberAssignment(incarnation, nextAssignment++, 0, Map.of(), false);
        onNews.run();
    }

    private void end(RejectedException why) {
        fatal = why;
        beginAnew(why);
    }

    /** One stream. What an older one says is of no interest. */
    private final class Link implements SessionLink.Listener {

        private @Nullable SessionLink stream;
        private boolean joining;
        private boolean joined;
        private boolean toldToLeave;
        private long lastHeardNanos;
        private long lastBeatNanos;

        private SessionLink stream() {
            SessionLink open = stream;
            if (open == null) {
                throw new IllegalStateException("not open yet");
            }
            return open;
        }

        private boolean isCurrent() {
            return link == this && !closed;
        }

        void end() {
            if (stream != null) {
                stream.close();
            }
        }

        void leave() {
            toldToLeave = true;
            stream().leave();
        }

        /** What was said last is the end of it, however the stream ended. */
        private boolean hasLeft() {
            CompletableFuture<Void> leaving = left;
            if (toldToLeave && leaving != null) {
                link = null;
                leaving.complete(null);
                return true;
            }
            return false;
        }

        void look(long now) {
            if (!joining) {
                return;
            }
            if (now - lastBeatNanos >= heartbeatInterval.toNanos()) {
                lastBeatNanos = now;
                stream().heartbeat();
            }
            if (now - lastHeardNanos >= heartbeatInterval.toNanos() * HEARTBEATS_MISSED_MAX) {
                end();
                reconnect(
                        new RejectedException(
                                ErrorCode.UNREACHABLE, "the coordinator does not answer"));
            }
        }

        @Override
        public void onReady() {
            Subscription wanted = subscription;
            if (isCurrent() && !joining && wanted != null) {
                joining = true;
                lastHeardNanos = clock.nanoTime();
                lastBeatNanos = lastHeardNanos;
                stream().join(memberId, wanted);
            }
        }

        @Override
        public void onJoined(String id, int memberEpoch, Duration interval) {
            if (!isCurrent()) {
                return;
            }
            onAlive();
            failures = 0;
            cursor = 0;
            trouble = null;
            memberId = id;
            epoch = Math.max(epoch, memberEpoch);
            heartbeatInterval = interval;
            if (!joined) {
                joined = true;
                commits.forEach((commitId, commit) -> send(commitId));
                if (left != null) {
                    leave();
                }
            }
        }

        @Override
        public void onAssignment(
                int version,
                int memberEpoch,
                Map<TopicPartition, OptionalLong> partitions,
                boolean awaitsRelease) {
            if (isCurrent()) {
                onAlive();
                epoch = memberEpoch;
                assignment =
                        new MemberAssignment(
                                incarnation, nextAssignment++, version, partitions, awaitsRelease);
                onNews.run();
            }
        }

        @Override
        public void onCommitted(long id, Map<TopicPartition, RejectedException> refused) {
            if (isCurrent()) {
                onAlive();
                PendingCommit commit = commits.remove(id);
                if (commit != null) {
                    commit.complete(refused);
                }
            }
        }

        @Override
        public void onCommitFailed(long id, RejectedException why) {
            if (!isCurrent()) {
                return;
            }
            onAlive();
            if (why.code().isRetriable()) {
                // Sent again by the next stream, or here a little later.
                loop.schedule(PAUSE_MAX, () -> sendAgain(id));
                return;
            }
            PendingCommit commit = commits.remove(id);
            if (commit != null) {
                commit.fail(why);
            }
        }

        private void sendAgain(long id) {
            if (isCurrent()) {
                send(id);
            }
        }

        @Override
        public void onAlive() {
            lastHeardNanos = clock.nanoTime();
        }

        @Override
        public void onFenced(RejectedException why) {
            if (!isCurrent()) {
                return;
            }
            end();
            if (hasLeft()) {
                return;
            }
            switch (why.code()) {
                case UNKNOWN_MEMBER -> {
                    beginAnew(why);
                    CompletableFuture<Void> leaving = left;
                    if (leaving == null) {
                        reconnect(why);
                    } else {
                        link = null;
                        leaving.complete(null);
                    }
                }
                case FENCED_MEMBER_EPOCH -> GroupSession.this.end(why);
                default -> onClosed(true, why);
            }
        }

        @Override
        public void onClosed(boolean wasReady, RejectedException why) {
            if (!isCurrent()) {
                return;
            }
            if (hasLeft()) {
                return;
            }
            boolean passes = why.code().isRetriable() || !joining;
            if (passes || why.code() == ErrorCode.UNREACHABLE) {
                reconnect(why);
            } else {
                link = null;
                GroupSession.this.end(why);
            }
        }
    }
}
