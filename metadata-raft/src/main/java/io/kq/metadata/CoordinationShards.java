package io.kq.metadata;

import io.kq.metadata.coordinator.CoordinatorLoop;
import io.kq.metadata.coordinator.CoordinatorPorts;
import io.kq.metadata.coordinator.GroupDecisions;
import io.kq.metadata.decision.MetadataOperation.WriteCoordinators;
import io.kq.metadata.group.TopicIndex;
import io.kq.metadata.image.CoordinationImage.Coordinator;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.metadata.raft.RatisGroup;
import io.kq.metadata.raft.RatisQuorum;
import io.kq.metadata.raft.RatisShard;
import io.kq.metadata.raft.ShardEvents;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.metadata.shard.ShardImage;
import io.kq.runtime.EventLoop;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordination shards of a voter: opened once the metadata tells of their founders, kept by the
 * same voters as the metadata, each with a coordinator that is at work while this node leads it.
 * Two loops: the coordinators', and one that may block while a shard is opened.
 */
final class CoordinationShards implements Coordination, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CoordinationShards.class);

    private static final Duration WATCH = Duration.ofMillis(200);

    private final MetadataConfig config;
    private final MetadataEnvironment environment;
    private final Supplier<MetadataImage> image;
    private final Function<WriteCoordinators, CompletableFuture<Boolean>> writer;
    private final EventLoop coordinators;
    private final EventLoop keeper;
    private final GroupDecisions decisions;
    private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();

    /** Events come before it is there. */
    private final CompletableFuture<RatisQuorum> raft = new CompletableFuture<>();

    private volatile TopicIndex topics = new TopicIndex(Map.of());
    private final AtomicBoolean lookPlanned = new AtomicBoolean();
    private volatile boolean closed;

    /** Submitted and not answered yet. Keeper's loop. */
    private boolean writes;

    /** Whether changes of topics concern groups is seen by what was known before. */
    private final AutoCloseable subscription;

    /**
     * @param writer asks the active controller, if that is this node; fails otherwise
     */
    CoordinationShards(
            MetadataConfig config,
            MetadataEnvironment environment,
            Supplier<MetadataImage> image,
            Function<MetadataSource.MetadataSubscriber, AutoCloseable> subscribe,
            Function<WriteCoordinators, CompletableFuture<Boolean>> writer) {
        this.config = config;
        this.environment = environment;
        this.image = image;
        this.writer = writer;
        this.coordinators = EventLoop.start("kq-coordinator", environment.faults());
        this.keeper = EventLoop.start("kq-shards", environment.faults());
        this.decisions = new GroupDecisions(() -> topics);
        this.subscription = subscribe.apply(this::onUpdate);
    }

    /** One shard on this node. */
    private final class Shard implements ShardEvents {

        private final int number;
        private final CoordinatorLoop coordinator;
        private final CompletableFuture<RatisShard> opened = new CompletableFuture<>();
        private volatile ShardImage image = ShardImage.EMPTY;

        /** Keeper's loop. */
        private boolean changesVoters;

        Shard(int number) {
            this.number = number;
            this.coordinator =
                    new CoordinatorLoop(
                            number,
                            new CoordinatorPorts(
                                    coordinators,
                                    environment.clock(),
                                    batch -> opened.thenCompose(shard -> shard.append(batch)),
                                    () -> image,
                                    this::readyTerm,
                                    decisions,
                                    config.controller().commitStall()));
        }

        private OptionalLong readyTerm() {
            RatisShard open = opened.getNow(null);
            return open == null ? OptionalLong.empty() : open.group().readyTerm();
        }

        @Override
        public void onApplied(ShardImage applied) {
            image = applied;
        }

        @Override
        public void onLeaderReady(long term) {
            LOG.info("Coordinates groups shard={} term={}", number, term);
            coordinator.onLeaderReady(term);
            look();
        }

        @Override
        public void onNotLeader() {
            coordinator.onNotLeader();
            look();
        }

        @Override
        public void onClosed() {
            coordinator.onNotLeader();
        }

        @Override
        public void onLeaderChanged() {
            look();
        }
    }

    /** What Ratis asks for, of each shard that it finds on the disk or opens. */
    ShardEvents events(int shard) {
        return shards.computeIfAbsent(shard, Shard::new);
    }

    void start(RatisQuorum server) {
        raft.complete(server);
        keeper.submit(this::watch);
    }

    @Override
    public Optional<CoordinatorLoop> coordinator(int shard) {
        return Optional.ofNullable(shards.get(shard)).map(known -> known.coordinator);
    }

    @Override
    public GroupDecisions decisions() {
        return decisions;
    }

    /**
     * Whether other voters of a shard may still need this node, which is no voter of the metadata
     * any more, to agree on going on without it.
     */
    boolean isNeeded() {
        RatisQuorum server = raft.getNow(null);
        return server != null
                && shards.values().stream()
                        .map(shard -> shard.opened.getNow(null))
                        .anyMatch(shard -> shard != null && isVoter(shard.group().view()));
    }

    void giveLeadershipAway() {
        for (Shard shard : shards.values()) {
            RatisShard opened = shard.opened.getNow(null);
            if (opened != null) {
                opened.group().giveLeadershipAway();
            }
        }
    }

    private boolean isVoter(RatisGroup.View view) {
        return view.alive()
                && view.voters().stream().anyMatch(v -> v.voter().nodeId() == config.nodeId());
    }

    private void onUpdate(MetadataDelta delta) {
        if (!concernsGroups(delta)) {
            return;
        }
        Map<String, TopicIndex.Topic> byName = new HashMap<>();
        for (TopicImage topic : delta.after().topics().values()) {
            byName.put(topic.name(), indexed(topic));
        }
        topics = new TopicIndex(byName);
        Set<UUID> removed = delta.removedTopics();
        shards.values().forEach(shard -> shard.coordinator.topicsChanged(removed));
    }

    /** Leaders and ISRs change far more often, and mean nothing to a group. */
    private boolean concernsGroups(MetadataDelta delta) {
        return !delta.removedTopics().isEmpty()
                || delta.changedTopics().stream()
                        .flatMap(name -> delta.after().topic(name).stream())
                        .anyMatch(
                                topic -> !indexed(topic).equals(topics.byName().get(topic.name())));
    }

    private static TopicIndex.Topic indexed(TopicImage topic) {
        return new TopicIndex.Topic(topic.id(), topic.partitions().size());
    }

    /** At once, not at the next watch. */
    private void look() {
        if (lookPlanned.compareAndSet(false, true)) {
            keeper.submit(
                    () -> {
                        lookPlanned.set(false);
                        whenStarted();
                    });
        }
    }

    private void watch() {
        if (closed) {
            return;
        }
        whenStarted();
        keeper.schedule(WATCH, this::watch);
    }

    private void whenStarted() {
        RatisQuorum server = raft.getNow(null);
        if (server != null) {
            lookAt(server);
        }
    }

    private void lookAt(RatisQuorum server) {
        if (closed || !server.metadata().view().alive()) {
            return;
        }
        MetadataImage now = image.get();
        if (isAmong(now.voters().voters()) && !now.coordination().founders().isEmpty()) {
            openAll(server, now);
        }
        shards.values().forEach(shard -> keepVoters(shard, now));
        writeCoordinators(now);
    }

    private void openAll(RatisQuorum server, MetadataImage now) {
        for (int number = 0; number < now.cluster().coordinationShardCount(); number++) {
            Shard shard = shards.computeIfAbsent(number, Shard::new);
            if (!shard.opened.isDone()) {
                open(server, shard, founders(now));
            }
        }
    }

    /** With a list, one that comes later could lead a shard of its own beside the others'. */
    private List<Voter> founders(MetadataImage now) {
        List<Voter> founders = now.coordination().founders();
        return isAmong(founders) ? founders : List.of();
    }

    /** By the name that this node's vote has now. */
    private boolean isAmong(List<Voter> voters) {
        return voters.stream()
                .anyMatch(
                        voter ->
                                voter.nodeId() == config.nodeId()
                                        && voter.directoryId().equals(config.directoryId()));
    }

    private void open(RatisQuorum server, Shard shard, List<Voter> founders) {
        try {
            shard.opened.complete(server.openShard(shard.number, founders));
        } catch (IOException e) {
            LOG.warn(
                    "Cannot open a coordination shard, trying again shard={} cause={}",
                    shard.number,
                    e.toString());
        }
    }

    /** The metadata's voters are each shard's, a moment later. */
    private void keepVoters(Shard shard, MetadataImage now) {
        RatisShard opened = shard.opened.getNow(null);
        if (opened == null || shard.changesVoters || opened.group().readyTerm().isEmpty()) {
            return;
        }
        List<Voter> wanted = now.voters().voters();
        List<Voter> agreed = opened.group().voters().orElse(List.of());
        if (agreed.isEmpty() || wanted.isEmpty() || agreed.equals(wanted)) {
            return;
        }
        shard.changesVoters = true;
        LOG.info(
                "Changes the voters of a shard shard={} from={} to={}",
                shard.number,
                agreed,
                wanted);
        var unused =
                opened.group()
                        .changeVoters(agreed, wanted)
                        .whenComplete(
                                (done, failure) -> {
                                    if (failure != null) {
                                        LOG.info(
                                                "Did not change them shard={} cause={}",
                                                shard.number,
                                                failure.toString());
                                    }
                                    keeper.submit(() -> shard.changesVoters = false);
                                });
    }

    /** All nodes are told who leads which shard, by the metadata. */
    private void writeCoordinators(MetadataImage now) {
        if (writes) {
            return;
        }
        Map<Integer, Coordinator> news = new TreeMap<>();
        for (Shard shard : shards.values()) {
            RatisShard opened = shard.opened.getNow(null);
            if (opened != null) {
                RatisGroup.View view = opened.group().view();
                long known =
                        now.coordination()
                                .coordinator(shard.number)
                                .map(Coordinator::term)
                                .orElse(-1L);
                if (view.leaderId() >= 0 && view.term() > known) {
                    news.put(shard.number, new Coordinator(view.leaderId(), view.term()));
                }
            }
        }
        if (!news.isEmpty()) {
            writes = true;
            var unused =
                    writer.apply(new WriteCoordinators(news))
                            .whenComplete((done, failure) -> keeper.submit(() -> writes = false));
        }
    }

    /** Ends the coordinators' work. The shards are the server's, which closes them. */
    @Override
    public void close() {
        closed = true;
        try {
            subscription.close();
        } catch (Exception e) {
            LOG.warn("Could not end a subscription cause={}", e.toString());
        }
        shards.values().forEach(shard -> shard.coordinator.close());
        keeper.close();
        coordinators.close();
    }
}
