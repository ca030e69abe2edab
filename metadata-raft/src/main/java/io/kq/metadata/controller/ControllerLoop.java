package io.kq.metadata.controller;

import io.kq.metadata.decision.BrokerDecisions;
import io.kq.metadata.decision.ClusterDecisions;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.decision.TopicDecisions;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Invariant;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller of one voter: idle until its node leads the quorum, then a {@link
 * ControllerTenure}. Its methods are called by any thread and only hand over to the loop; futures
 * are completed on the loop, so what takes long must be handed on.
 */
public final class ControllerLoop implements BrokerSessions, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControllerLoop.class);

    private static final Duration TICK = Duration.ofMillis(100);

    /** After a lost outcome, how soon to look whether this node leads all the same. */
    private static final Duration RECHECK = Duration.ofMillis(500);

    private static final int PARTITIONS_PER_BATCH_MAX = 8_000;

    private final String clusterId;
    private final ControllerConfig config;
    private final ControllerPorts ports;
    private final BrokerDecisions brokerDecisions;
    private final OperationHandlers handlers;

    /** The present tenure and its sessions. Loop thread only. */
    private @Nullable Reign reign;

    /** Whether {@link #reign} is there and the cluster exists. Written on the loop. */
    private volatile boolean active;

    private record Reign(ControllerTenure tenure, SessionKeeper sessions, LeaderKeeper leaders) {}

    public ControllerLoop(String clusterId, ControllerConfig config, ControllerPorts ports) {
        this(clusterId, config, ports, PARTITIONS_PER_BATCH_MAX, ReplicaRules.STRICT);
    }

    /**
     * A controller for simulations.
     *
     * @param partitionsPerBatchMax how many partitions one batch changes at most
     * @param rules {@link ReplicaRules#STRICT} but in tests of the tests
     */
    public ControllerLoop(
            String clusterId,
            ControllerConfig config,
            ControllerPorts ports,
            int partitionsPerBatchMax,
            ReplicaRules rules) {
        this.clusterId = clusterId;
        this.config = config;
        this.ports = ports;
        this.brokerDecisions = new BrokerDecisions(partitionsPerBatchMax, rules);
        this.handlers =
                new OperationHandlers(
                        new TopicDecisions(config.topicDefaults()), brokerDecisions, rules);
    }

    /** This node leads the quorum and has applied the first entry of {@code term}. Any thread. */
    public void onLeaderReady(long term, FormerLeader former) {
        ports.loop().submit(() -> begin(term, former));
    }

    /** This node does not lead, or not any more. Any thread. */
    public void onNotLeader() {
        ports.loop().submit(this::endReign);
    }

    /** Whether this node is the active controller. Any thread. */
    public boolean isActive() {
        return active;
    }

    /**
     * Decides an operation; see {@link io.kq.metadata.decision.MetadataOperation} for what it may
     * be refused with. Any thread.
     */
    public <R> CompletableFuture<R> submit(
            Optional<UUID> requestId, MetadataOperation<R> operation) {
        CompletableFuture<R> reply = new CompletableFuture<>();
        Outcome<R> outcome = Outcome.to(reply);
        ports.loop()
                .submit(
                        () -> {
                            Reign present = reign;
                            if (present == null) {
                                outcome.onRefusal().accept(Refusals.notController());
                            } else if (operation instanceof ElectLeaders election
                                    && election.unclean()) {
                                present.leaders()
                                        .survey(
                                                election,
                                                surveyed ->
                                                        present.tenure()
                                                                .enqueue(
                                                                        handlers.pending(
                                                                                requestId,
                                                                                same(surveyed),
                                                                                outcome)));
                            } else {
                                present.tenure()
                                        .enqueue(handlers.pending(requestId, operation, outcome));
                            }
                        });
        return reply;
    }

    /** An operation with what the controller found out for it has the same reply. */
    @SuppressWarnings("unchecked")
    private static <R> MetadataOperation<R> same(ElectLeaders election) {
        return (MetadataOperation<R>) election;
    }

    @Override
    public CompletableFuture<Long> register(Registration registration) {
        CompletableFuture<Long> reply = new CompletableFuture<>();
        ports.loop()
                .submit(
                        () -> {
                            Reign present = reign;
                            if (present == null) {
                                reply.completeExceptionally(Refusals.notController());
                            } else {
                                present.sessions().register(registration, reply);
                            }
                        });
        return reply;
    }

    @Override
    public CompletableFuture<HeartbeatAnswer> heartbeat(
            int brokerId, long brokerEpoch, long appliedIndex, boolean wantsShutdown) {
        CompletableFuture<HeartbeatAnswer> reply = new CompletableFuture<>();
        ports.loop()
                .submit(
                        () -> {
                            Reign present = reign;
                            if (present == null) {
                                reply.completeExceptionally(Refusals.notController());
                                return;
                            }
                            try {
                                reply.complete(
                                        present.sessions()
                                                .heartbeat(
                                                        brokerId,
                                                        brokerEpoch,
                                                        appliedIndex,
                                                        wantsShutdown));
                            } catch (RejectedException refusal) {
                                reply.completeExceptionally(refusal);
                            }
                        });
        return reply;
    }

    @Override
    public void streamBroken(int brokerId, long brokerEpoch) {
        ports.loop()
                .submit(
                        () -> {
                            Reign present = reign;
                            if (present != null) {
                                present.sessions().streamBroken(brokerId, brokerEpoch);
                            }
                        });
    }

    @Override
    public void left(int brokerId, long brokerEpoch) {
        ports.loop()
                .submit(
                        () -> {
                            Reign present = reign;
                            if (present != null) {
                                present.sessions().left(brokerId, brokerEpoch);
                            }
                        });
    }

    /** Ends the tenure, if there is one. The loop itself belongs to whoever made it. */
    @Override
    public void close() {
        onNotLeader();
    }

    private void begin(long term, FormerLeader former) {
        if (reign != null && reign.tenure().term() >= term) {
            return;
        }
        endReign();
        MetadataImage image = ports.committedImage().get();
        Invariant.check(
                image.cluster().id().isEmpty() || image.cluster().id().equals(clusterId),
                "the log is of cluster %s, not %s",
                image.cluster().id(),
                clusterId);
        ControllerTenure tenure = new ControllerTenure(term, ports, config, this::onLost);
        LeaderKeeper leaders = new LeaderKeeper(tenure, ports, config.preferredLeaderPause());
        SessionKeeper sessions =
                new SessionKeeper(
                        tenure,
                        ports,
                        clusterId,
                        config.brokerSession(),
                        brokerDecisions,
                        leaders::lookSoon);
        reign = new Reign(tenure, sessions, leaders);
        LOG.info("Became active controller term={} index={}", term, image.index());
        sessions.begin(former, ports.clock().nanoTime());
        prepare(tenure);
        scheduleTick(tenure);
    }

    /**
     * First of all the cluster is born, and what a former controller left half done is finished.
     */
    private void prepare(ControllerTenure tenure) {
        tenure.enqueue(
                PendingOperation.internal(
                        (image, turn) ->
                                ClusterDecisions.create(
                                        clusterId, config.coordinationShardCount(), image, turn),
                        Outcome.ignored()));
        tenure.enqueue(
                PendingOperation.internal(
                        (image, turn) -> brokerDecisions.electMissingLeaders(image),
                        new Outcome<>(done -> active = !tenure.isOver(), refusal -> {})));
    }

    private void onLost() {
        endReign();
        scheduleRecheck();
    }

    /**
     * A batch can be lost without the leadership: nobody would say "leader ready" again for this
     * term. What was lost may still be committed; a batch decided before that meets another batch
     * sequence and is ignored.
     */
    private void scheduleRecheck() {
        ports.loop()
                .schedule(
                        RECHECK,
                        () -> {
                            OptionalLong term = ports.readyTerm().get();
                            if (reign == null && term.isPresent()) {
                                begin(term.getAsLong(), FormerLeader.NONE);
                            }
                        });
    }

    private void endReign() {
        active = false;
        Reign ended = reign;
        reign = null;
        if (ended != null) {
            LOG.info("Is no longer active controller term={}", ended.tenure().term());
            ended.tenure().end();
        }
    }

    private void scheduleTick(ControllerTenure tenure) {
        ports.loop()
                .schedule(
                        TICK,
                        () -> {
                            Reign present = reign;
                            if (present == null || present.tenure() != tenure) {
                                return;
                            }
                            long nowNanos = ports.clock().nanoTime();
                            present.sessions().tick(nowNanos);
                            present.leaders().tick(nowNanos);
                            tenure.tick(nowNanos);
                            scheduleTick(tenure);
                        });
    }
}
