package io.kq.broker.partition;

import io.kq.broker.compaction.CompactedPartition;
import io.kq.broker.partition.follower.FollowerFiles;
import io.kq.broker.partition.isr.ProposalQueue;
import io.kq.broker.partition.isr.Proposals;
import io.kq.log.LogConfig;
import io.kq.log.LogStore;
import io.kq.log.PartitionLog;
import io.kq.log.retention.RetentionPolicy;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions of this node. Follows the metadata image: opens a log when a partition is assigned
 * here, leads when the image says so and steps down when it says otherwise, deletes the logs of
 * deleted topics. {@link #route} is for any thread and never blocks; everything else happens on a
 * loop of its own, blocking work on a few threads beside it.
 */
public final class PartitionRegistry implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(PartitionRegistry.class);

    private static final Duration OPEN_RETRY = Duration.ofSeconds(5);

    /** How often lagging followers and failed disks are looked for. */
    private static final Duration TICK = Duration.ofMillis(500);

    private final LogStore store;
    private final int nodeId;
    private final LogConfig defaults;
    private final HostedPartition.Surroundings around;
    private final Roles roles;

    private final Routing routing;
    private final EventLoop loop;
    private final FileThreads fileThreads = new FileThreads();
    private final AutoCloseable subscription;

    /** Written by the loop only. */
    private final Map<TopicIdPartition, HostedPartition> hosted = new ConcurrentHashMap<>();

    /** Deletions under way; of the loop. */
    private final Map<TopicIdPartition, CompletableFuture<?>> deletions = new ConcurrentHashMap<>();

    /** The newest image that the loop has acted on. */
    private volatile MetadataImage applied = MetadataImage.EMPTY;

    /** What {@link #registered} was told, -1 before; of the loop. */
    private volatile long brokerEpoch = -1;

    /** As last told; of the loop. */
    private boolean controllerLost;

    private boolean straysDeleted;

    /** An image has shown this process as registered; of the loop. */
    private boolean begun;

    /**
     * Starts to follow the image.
     *
     * @param store stays the caller's: closed after this
     * @param faults told of bugs only; a damaged log is refused to those who ask for it
     * @param defaults what a topic does not set
     * @param outside the other nodes
     */
    public PartitionRegistry(
            LogStore store,
            MetadataSource metadata,
            int nodeId,
            Clock clock,
            FaultHandler faults,
            LogConfig defaults,
            Outside outside) {
        this.store = store;
        this.nodeId = nodeId;
        this.defaults = defaults;
        this.routing = new Routing(metadata, nodeId, hosted);
        this.loop = EventLoop.start("kq-partitions", faults);
        Proposals proposals = new ProposalQueue(outside.controller(), () -> brokerEpoch, loop);
        this.roles = new Roles(nodeId, routing, proposals);
        this.around =
                new HostedPartition.Surroundings(
                        nodeId, clock, loop, outside.leaders(), proposals, outside.core());
        this.subscription = metadata.subscribe(delta -> loop.submit(() -> apply(delta)));
        tick();
    }

    private void tick() {
        loop.schedule(
                TICK,
                () -> {
                    hosted.forEach(this::tick);
                    tick();
                });
    }

    private void tick(TopicIdPartition id, HostedPartition here) {
        here.tick();
        if (!here.hasFailed()) {
            here.checkDamage();
        }
        if (here.hasFailed()) {
            reapply(id, here);
        }
    }

    /** Whether no controller has answered within a session's length. */
    public void controllerReach(boolean lost) {
        loop.submit(
                () -> {
                    controllerLost = lost;
                    hosted.values().forEach(here -> here.controllerReach(lost));
                });
    }

    /**
     * The leader of a partition that this node leads. Any thread; never blocks.
     *
     * @throws RejectedException NOT_LEADER, NO_LEADER, NOT_READY, STORAGE_FAULT,
     *     PARTITION_NOT_FOUND
     */
    public PartitionLeader leaderOf(TopicIdPartition partition) {
        HostedPartition here = hosted.get(partition);
        if (here == null) {
            throw new RejectedException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "node " + nodeId + " knows of no replica of " + partition + " here");
        }
        PartitionLeader leader = here.leader();
        if (leader == null) {
            throw here.unavailable();
        }
        return leader;
    }

    /** The log of a replica here, if it is open. Any thread; never blocks. */
    public Optional<PartitionLog> logOf(TopicIdPartition partition) {
        return Optional.ofNullable(hosted.get(partition)).flatMap(HostedPartition::log);
    }

    /**
     * Where requests for a partition go now. Any thread; never blocks.
     *
     * @param topicId null: any
     * @throws RejectedException TOPIC_NOT_FOUND (also if the topic has another id than asked for),
     *     PARTITION_NOT_FOUND, NO_LEADER; NOT_READY or STORAGE_FAULT if this node leads but its log
     *     is not open
     */
    public PartitionRoute route(String topic, int partition, @Nullable UUID topicId) {
        return routing.route(topic, partition, topicId);
    }

    /**
     * This process is registered as a broker with this epoch. From the first image on that shows
     * it, logs on the disk that the image does not assign to this node are strays and deleted: an
     * image of before may just not know yet of a topic that was made a moment before the last stop.
     */
    public void registered(long epoch) {
        loop.submit(
                () -> {
                    brokerEpoch = epoch;
                    straysDeleted = false;
                    begin();
                    deleteStrays();
                });
    }

    /** Where timers and other short work around partitions run. */
    public EventLoop timers() {
        return loop;
    }

    /** Has old records deleted again and again. {@code otherwise}: what a topic does not set. */
    public void retainEvery(Duration interval, RetentionPolicy otherwise) {
        loop.schedule(
                interval,
                () -> {
                    hosted.forEach((id, here) -> retain(id, here, otherwise));
                    retainEvery(interval, otherwise);
                });
    }

    /** The partitions here that are to be compacted, as they are now. Any thread. */
    public List<CompactedPartition> compacted() {
        return TopicSettings.compacted(hosted, applied, defaults);
    }

    private void retain(TopicIdPartition id, HostedPartition here, RetentionPolicy otherwise) {
        if (!here.files().isDone()) {
            return;
        }
        CompletableFuture<?> retention =
                applied.topic(id.topicId())
                        .map(topic -> TopicSettings.retention(topic, otherwise))
                        .flatMap(here::retention)
                        .map(work -> CompletableFuture.runAsync(work, fileThreads))
                        .orElse(CompletableFuture.completedFuture(null))
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure != null) {
                                        LOGGER.warn(
                                                "Could not delete old records partition={}",
                                                here.name(),
                                                failure);
                                    }
                                })
                        .exceptionally(failure -> null);
        here.filesBusyUntil(retention);
    }

    private void apply(MetadataDelta delta) {
        MetadataImage image = delta.after();
        applied = image;
        begin();
        for (UUID id : begun ? delta.removedTopics() : Set.<UUID>of()) {
            RejectedException gone = Routing.topicGone(delta.before(), id);
            hosted.keySet().stream()
                    .filter(p -> p.topicId().equals(id))
                    .toList()
                    .forEach(p -> remove(p, gone));
        }
        for (String name : delta.changedTopics()) {
            TopicImage topic = image.topics().get(name);
            if (topic != null) {
                applyTopic(topic);
            }
        }
        if (!delta.changedBrokers().isEmpty() || !delta.removedBrokers().isEmpty()) {
            hosted.forEach(this::reapply);
        }
        deleteStrays();
    }

    /**
     * From the first image on that shows this process as registered, replicas have roles and may be
     * deleted (rule 33). One of before may name the process that was here last as a leader while
     * others lead by now, or not know of a replica that came back. Logs are opened meanwhile.
     */
    private void begin() {
        if (begun || !showsThisProcess()) {
            return;
        }
        begun = true;
        for (TopicIdPartition id : List.copyOf(hosted.keySet())) {
            TopicImage topic = applied.topic(id.topicId()).orElse(null);
            if (topic == null) {
                remove(id, Routing.topicGone(applied, id.topicId()));
            } else {
                applyTopic(topic);
            }
        }
    }

    private boolean showsThisProcess() {
        return brokerEpoch >= 0
                && applied.broker(nodeId)
                        .filter(self -> self.brokerEpoch() == brokerEpoch)
                        .isPresent();
    }

    /** Tells a partition what the image says of it and of the brokers around it. */
    private void reapply(TopicIdPartition id, HostedPartition here) {
        if (hosted.get(id) == here) {
            applied.topic(id.topicId()).ifPresent(topic -> follow(id, here, topic));
        }
    }

    private void applyTopic(TopicImage topic) {
        for (int i = 0; i < topic.partitions().size(); i++) {
            TopicIdPartition id = new TopicIdPartition(topic.id(), i);
            boolean assigned = topic.partitions().get(i).replicas().contains(nodeId);
            HostedPartition here = hosted.get(id);
            if (here == null) {
                if (assigned) {
                    host(id, topic);
                }
            } else if (assigned) {
                here.configure(TopicSettings.logConfig(topic, defaults));
                follow(id, here, topic);
            } else if (begun) {
                remove(id, routing.elsewhere(topic, i));
            }
        }
    }

    private void host(TopicIdPartition id, TopicImage topic) {
        HostedPartition here =
                new HostedPartition(
                        new TopicPartition(topic.name(), id.partition()),
                        around,
                        deletions.getOrDefault(id, CompletableFuture.completedFuture(null)));
        hosted.put(id, here);
        open(id, here, topic);
    }

    private void open(TopicIdPartition id, HostedPartition here, TopicImage topic) {
        LogConfig config = TopicSettings.logConfig(topic, defaults);
        CompletableFuture<PartitionLog> opening =
                here.files()
                        .thenApplyAsync(done -> store.open(id, topic.name(), config), fileThreads);
        here.filesBusyUntil(opening.exceptionally(failure -> null));
        CompletableFuture<?> unused =
                opening.whenComplete(
                        (log, failure) ->
                                loop.submit(() -> opened(id, here, log, config, failure)));
    }

    private void opened(
            TopicIdPartition id,
            HostedPartition here,
            @Nullable PartitionLog log,
            LogConfig config,
            @Nullable Throwable failure) {
        if (hosted.get(id) != here) {
            return;
        }
        if (log == null) {
            openFailed(id, here, Causes.rejection(failure));
            return;
        }
        here.opened(log, config);
        reapply(id, here);
    }

    private void openFailed(TopicIdPartition id, HostedPartition here, RejectedException reason) {
        here.openFailed(reason);
        if (reason.code() != ErrorCode.DISK_FULL) {
            LOGGER.error(
                    "Refusing a partition whose log cannot be opened partition={} reason={}",
                    here.name(),
                    reason.getMessage());
            return;
        }
        LOGGER.warn(
                "Could not open a log, trying again in {} s partition={} reason={}",
                OPEN_RETRY.toSeconds(),
                here.name(),
                reason.getMessage());
        loop.schedule(
                OPEN_RETRY,
                () -> {
                    if (hosted.get(id) == here) {
                        applied.topic(id.topicId()).ifPresent(topic -> open(id, here, topic));
                    }
                });
    }

    private void follow(TopicIdPartition id, HostedPartition here, TopicImage topic) {
        if (!begun) {
            return;
        }
        Roles.Word word = new Roles.Word(applied, controllerLost);
        boolean needed = roles.give(id, here, topic, new Files(id, here), word);
        if (!needed && here.mayBeginAnew()) {
            LOGGER.warn("Fetching a replica anew that cannot be opened partition={}", here.name());
            here.filesBusyUntil(
                    here.files()
                            .thenRunAsync(() -> store.delete(id), fileThreads)
                            .exceptionally(failure -> null));
            open(id, here, topic);
        }
    }

    /** The files of one replica that follows; work on them is done in order, on threads beside. */
    private final class Files implements FollowerFiles {

        private final TopicIdPartition id;
        private final HostedPartition here;

        Files(TopicIdPartition id, HostedPartition here) {
            this.id = id;
            this.here = here;
        }

        @Override
        public void run(Runnable work) {
            loop.submit(
                    () -> {
                        if (hosted.get(id) == here) {
                            here.filesBusyUntil(start(work));
                        }
                    });
        }

        private CompletableFuture<?> start(Runnable work) {
            return here.files()
                    .thenRunAsync(work, fileThreads)
                    .whenComplete(
                            (done, failure) -> {
                                if (failure != null) {
                                    LOGGER.error(
                                            "Work on files failed partition={}",
                                            here.name(),
                                            failure);
                                }
                                loop.submit(() -> reapply(id, here));
                            })
                    .exceptionally(failure -> null);
        }

        @Override
        public PartitionLog restart(long startOffset) {
            TopicImage topic =
                    applied.topic(id.topicId())
                            .orElseThrow(() -> Routing.topicGone(applied, id.topicId()));
            store.delete(id);
            PartitionLog begun =
                    store.open(id, topic.name(), TopicSettings.logConfig(topic, defaults));
            begun.beginAt(startOffset);
            return begun;
        }
    }

    /** Ends the role and deletes the log. */
    private void remove(TopicIdPartition id, RejectedException reason) {
        HostedPartition here = hosted.remove(id);
        if (here != null) {
            here.close(reason);
            delete(id, here.files());
        }
    }

    private void delete(TopicIdPartition id, CompletableFuture<?> after) {
        CompletableFuture<?> deletion =
                after.thenRunAsync(() -> store.delete(id), fileThreads)
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure != null) {
                                        LOGGER.error("Could not delete partition={}", id, failure);
                                    }
                                })
                        .exceptionally(failure -> null);
        deletions.put(id, deletion);
        CompletableFuture<?> unused =
                deletion.thenRun(() -> loop.submit(() -> deletions.remove(id, deletion)));
        LOGGER.info("Deleting log partition={}", id);
    }

    private void deleteStrays() {
        if (straysDeleted || !showsThisProcess()) {
            return;
        }
        straysDeleted = true;
        for (TopicIdPartition id : store.partitions()) {
            if (!hosted.containsKey(id) && !deletions.containsKey(id)) {
                LOGGER.warn("Found a log that no topic has here, deleting it partition={}", id);
                delete(id, CompletableFuture.completedFuture(null));
            }
        }
    }

    /** Leads nothing any more, finishes the work on files. The log store stays open. */
    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            LOGGER.warn("Could not end the metadata subscription", e);
        }
        loop.close();
        RejectedException stopping =
                new RejectedException(ErrorCode.NOT_READY, "node " + nodeId + " is stopping");
        hosted.values().forEach(here -> here.close(stopping));
        hosted.clear();
        fileThreads.close();
    }
}
