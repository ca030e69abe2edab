package io.kq.metadata;

import io.kq.metadata.controller.BrokerSessions;
import io.kq.metadata.controller.ControllerLoop;
import io.kq.metadata.controller.ControllerPorts;
import io.kq.metadata.controller.FormerLeader;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.WriteCoordinators;
import io.kq.metadata.decision.MetadataOperation.WriteVoters;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.FeedServer;
import io.kq.metadata.publish.ImagePublisher;
import io.kq.metadata.publish.MetadataFeed;
import io.kq.metadata.raft.RaftEvents;
import io.kq.metadata.raft.RatisGroup;
import io.kq.metadata.raft.RatisQuorum;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A voter, wired: Ratis orders and applies, the controller decides while this node leads, publisher
 * and feed tell. Three loops: the controller's, the publisher's, the feed's.
 */
final class QuorumVoter implements MetadataQuorum {

    private static final Logger LOG = LoggerFactory.getLogger(QuorumVoter.class);

    /**
     * How often Ratis is asked what it does not tell: that no leader is known, that it is closed.
     */
    private static final Duration WATCH = Duration.ofMillis(200);

    /** How long one that Ratis closed has to find out that it is no voter any more. */
    static final Duration CLOSED_GRACE = Duration.ofSeconds(15);

    private final MetadataConfig config;
    private final MetadataEnvironment environment;
    private final EventLoop controllerLoop;
    private final EventLoop publishLoop;
    private final EventLoop feedLoop;
    private final ImagePublisher publisher;
    private final FeedServer feed;
    private final ControllerLoop controller;
    private final CoordinationShards shards;
    private final RatisQuorum raft;

    /** Events come before {@link #raft} is there. */
    private final CompletableFuture<RatisQuorum> started = new CompletableFuture<>();

    private volatile Controller activeController = Controller.NONE;

    /** The newest that was known to lead, this node too; -1: none. */
    private volatile int lastLeader = FormerLeader.NONE.nodeId();

    private volatile boolean closed;

    /** When {@link #watch} first saw that Ratis is closed. Publisher's loop. */
    private @Nullable Long deadSinceNanos;

    /** Written down, and not answered yet. Publisher's loop. */
    private boolean writesVoters;

    private QuorumVoter(MetadataConfig config, MetadataEnvironment environment) throws IOException {
        this.config = config;
        this.environment = environment;
        this.controllerLoop = EventLoop.start("kq-controller", environment.faults());
        this.publishLoop = EventLoop.start("kq-metadata-publish", environment.faults());
        this.feedLoop = EventLoop.start("kq-metadata-feed", environment.faults());
        this.publisher = new ImagePublisher(publishLoop);
        this.feed = new FeedServer(feedLoop);
        this.controller =
                new ControllerLoop(
                        config.clusterId(),
                        config.controller(),
                        new ControllerPorts(
                                controllerLoop,
                                environment.clock(),
                                environment.random(),
                                batch -> started.thenCompose(quorum -> quorum.append(batch)),
                                publisher::image,
                                () -> started.join().metadata().readyTerm(),
                                environment.probe(),
                                environment.replicaProbe()));
        this.shards =
                new CoordinationShards(
                        config,
                        environment,
                        publisher::image,
                        this::subscribe,
                        this::writeCoordinators);
        try {
            this.raft =
                    RatisQuorum.start(
                            config.clusterId(),
                            config.nodeId(),
                            config.directoryId(),
                            config.raft(),
                            new Events(),
                            shards::events,
                            environment.faults());
        } catch (IOException | RuntimeException e) {
            closeLoops();
            throw e;
        }
        started.complete(raft);
        shards.start(raft);
        publishLoop.submit(this::watch);
    }

    static QuorumVoter start(MetadataConfig config, MetadataEnvironment environment)
            throws IOException {
        return new QuorumVoter(config, environment);
    }

    @Override
    public MetadataImage image() {
        return publisher.image();
    }

    @Override
    public Controller controller() {
        return activeController;
    }

    @Override
    public AutoCloseable subscribe(MetadataSubscriber subscriber) {
        return publisher.subscribe(subscriber::onUpdate);
    }

    @Override
    public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
        return publisher.subscribeController(
                (nodeId, term) -> subscriber.onController(new Controller(nodeId, term)));
    }

    @Override
    public boolean isActiveController() {
        return controller.isActive();
    }

    @Override
    public <R> CompletableFuture<R> submit(
            Optional<UUID> requestId, MetadataOperation<R> operation) {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new RejectedException(ErrorCode.NOT_READY, "the node is stopping"));
        }
        Controller known = activeController;
        if (known.nodeId() == -1) {
            return CompletableFuture.failedFuture(
                    new RejectedException(
                            ErrorCode.QUORUM_LOST,
                            "no majority of the metadata voters has a leader now"));
        }
        if (known.nodeId() != config.nodeId()) {
            return CompletableFuture.failedFuture(
                    new RejectedException(
                                    ErrorCode.NOT_CONTROLLER,
                                    "node " + known.nodeId() + " is the active controller")
                            .with("controller_id", Integer.toString(known.nodeId())));
        }
        return controller.submit(requestId, operation);
    }

    @Override
    public BrokerSessions sessions() {
        return controller;
    }

    @Override
    public MetadataFeed feed() {
        return feed;
    }

    @Override
    public Coordination coordination() {
        return shards;
    }

    @Override
    public boolean isNeededByShards() {
        return !closed && shards.isNeeded();
    }

    @Override
    public void giveShardsAway() {
        shards.giveLeadershipAway();
    }

    private CompletableFuture<Boolean> writeCoordinators(WriteCoordinators news) {
        return controller.isActive()
                ? controller.submit(Optional.empty(), news)
                : CompletableFuture.failedFuture(
                        new RejectedException(
                                ErrorCode.NOT_CONTROLLER, "another node writes it down"));
    }

    @Override
    public Status status() {
        RatisGroup.View view = raft.metadata().view();
        return new Status(
                view.leaderId(),
                view.term(),
                view.committedIndex(),
                view.voters().stream()
                        .map(v -> new VoterStatus(v.voter(), v.lag(), v.up()))
                        .toList());
    }

    @Override
    public Optional<List<Voter>> voters() {
        return raft.metadata().voters();
    }

    @Override
    public CompletableFuture<Void> changeVoters(List<Voter> expected, List<Voter> next) {
        return raft.metadata()
                .changeVoters(expected, next)
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(changeFailure(failure)));
    }

    private static RejectedException changeFailure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        return cause instanceof RatisGroup.ChangeRefusedException refused
                ? new RejectedException(
                        ErrorCode.QUORUM_CHANGE_FAILED,
                        "the voters were not changed: " + refused.getMessage())
                : new RejectedException(
                        ErrorCode.NOT_CONTROLLER,
                        "the active controller changed in between: " + cause.getMessage(),
                        false,
                        Map.of());
    }

    @Override
    public void giveLeadershipAway() {
        raft.metadata().giveLeadershipAway();
    }

    @Override
    public boolean isAlive() {
        return !closed && raft.metadata().view().alive();
    }

    @Override
    public void close() {
        stop(raft::close);
    }

    @Override
    public void abandon() {
        stop(raft::abandon);
    }

    private void stop(Runnable stopRaft) {
        if (closed) {
            return;
        }
        closed = true;
        feed.close();
        stopRaft.run();
        controller.close();
        closeLoops();
    }

    private void closeLoops() {
        shards.close();
        controllerLoop.close();
        feedLoop.close();
        publishLoop.close();
    }

    /** Publisher's loop. */
    private void watch() {
        if (closed) {
            return;
        }
        if (raft.metadata().view().alive()) {
            lookAtRaft();
            writeVoters();
        } else if (isDeadForLong(environment.clock().nanoTime())) {
            environment
                    .faults()
                    .onFault(
                            "metadata server",
                            new IllegalStateException("Ratis closed this voter by itself"));
            return;
        }
        publishLoop.schedule(WATCH, this::watch);
    }

    /** A removed voter is closed too, and whoever owns this one finds that out by asking others. */
    private boolean isDeadForLong(long nowNanos) {
        Long since = deadSinceNanos;
        if (since == null) {
            LOG.warn("Ratis closed this voter, asking the others whether it is one still");
            deadSinceNanos = nowNanos;
            return false;
        }
        return nowNanos - since > CLOSED_GRACE.toNanos();
    }

    /**
     * What Raft has committed is told to all nodes as a record. One at a time, so that no older
     * list comes behind a newer one; a new controller begins with what it leads by. Publisher's
     * loop.
     */
    private void writeVoters() {
        if (writesVoters || !controller.isActive()) {
            return;
        }
        List<Voter> agreed = raft.metadata().voters().orElse(List.of());
        if (agreed.isEmpty()
                || new VoterSet(0, agreed).voters().equals(publisher.image().voters().voters())) {
            return;
        }
        writesVoters = true;
        var unused =
                controller
                        .submit(Optional.empty(), new WriteVoters(agreed))
                        .whenComplete(
                                (version, failure) ->
                                        publishLoop.submit(() -> writesVoters = false));
    }

    /** Publisher's loop. */
    private void lookAtRaft() {
        RatisGroup.View view = raft.metadata().view();
        if (closed || !view.alive()) {
            return;
        }
        // A leader that is not ready answers nobody yet.
        boolean notReady =
                view.leaderId() == config.nodeId() && raft.metadata().readyTerm().isEmpty();
        Controller seen =
                notReady
                        ? new Controller(-1, view.term())
                        : new Controller(view.leaderId(), view.term());
        if (!seen.equals(activeController)) {
            LOG.info("Knows metadata leader node={} term={}", seen.nodeId(), seen.term());
            activeController = seen;
            if (seen.nodeId() >= 0) {
                lastLeader = seen.nodeId();
            }
            publisher.publishController(seen.nodeId(), seen.term());
            feed.onController(seen.nodeId(), seen.term());
        }
    }

    /** Hands over to the loops; on threads of Ratis. */
    private final class Events implements RaftEvents {

        @Override
        public void onApplied(MetadataDelta delta, MetadataBatch batch) {
            publisher.publish(delta);
            feed.onApplied(delta.after(), batch);
        }

        @Override
        public void onImageReplaced(MetadataDelta delta) {
            publisher.publish(delta);
            feed.onImageReplaced(delta.after());
        }

        @Override
        public void onLeaderReady(long term) {
            Duration silence = config.raft().electionTimeoutMin();
            controller.onLeaderReady(term, new FormerLeader(lastLeader, silence));
            look();
        }

        @Override
        public void onNotLeader() {
            controller.onNotLeader();
            look();
        }

        @Override
        public void onClosed() {
            controller.onNotLeader();
        }

        @Override
        public void onLeaderChanged() {
            look();
        }

        /** At once, not at the next watch. */
        private void look() {
            publishLoop.submit(
                    () -> {
                        if (started.isDone()) {
                            lookAtRaft();
                        }
                    });
        }
    }
}
