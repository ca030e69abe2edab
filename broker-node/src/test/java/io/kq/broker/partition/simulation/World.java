package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowerCore;
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.broker.partition.core.leader.LagBounds;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.metadata.controller.BrokerSessions.BrokerProbe.Answer;
import io.kq.metadata.controller.ControllerConfig;
import io.kq.metadata.controller.ReplicaProbe;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.TopicDefaults;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in one thread with virtual time, through one seed's schedule of bad days: first faults,
 * with the invariants checked after every event, then none, with the demand that all becomes well.
 */
final class World {

    static final String TOPIC = "t";
    static final int SESSION_MILLIS = 1_000;

    /** All must be well so long after the faults end. */
    private static final int HEALED_WITHIN_MILLIS = 30_000;

    private final RandomSource random;
    private final Options options;
    private final Rules rules;
    private final VirtualTime time = new VirtualTime();
    private final Trace trace;
    private final Network network;
    private final SimulatedNode[] nodes;
    private final SimulatedQuorum quorum;
    private final PartitionTruth[] truths;
    private final MetadataTruth metadataTruth = new MetadataTruth();
    private final List<Producer> producers = new ArrayList<>();
    private final Replica.Cores cores;
    private final Nemesis nemesis;
    private final Map<Sometimes, Integer> seen = new EnumMap<>(Sometimes.class);

    /** By node: words to the controller, and from it, are lost. */
    final boolean[] cutToController;

    final boolean[] cutFromController;

    /** By node: until when images do not reach it. */
    final long[] imagesHeldUntil;

    /** How long a request to the controller takes, and its answer. */
    int callMillisMax = 15;

    private boolean ending;
    private boolean faulty = true;

    /**
     * A cluster before its first event.
     *
     * @param focus faults that certainly befall it; empty: any
     * @param traced whether {@link #report} tells what happened
     */
    World(long seed, Rules rules, Set<Fault> focus, boolean traced) {
        this.random = RandomSource.seeded(seed);
        this.rules = rules;
        this.trace = new Trace(traced, time);
        this.options = Options.of(random, focus);
        if (traced) {
            trace.add("options " + options);
        }
        this.cores =
                new Replica.Cores(
                        new LeaderCore(rules.leader(), lagBounds(options), millis(150)),
                        new FollowerCore(rules.follower(), millis(60)),
                        options.fsync(),
                        rules.shell());
        this.nemesis = new Nemesis(this);
        this.network = new Network(time, random, options.nodes(), trace);
        this.truths = new PartitionTruth[options.partitions()];
        this.nodes = new SimulatedNode[options.nodes()];
        this.cutToController = new boolean[options.nodes()];
        this.cutFromController = new boolean[options.nodes()];
        this.imagesHeldUntil = new long[options.nodes()];
        for (int id = 0; id < nodes.length; id++) {
            nodes[id] = new SimulatedNode(id, this, options.partitions());
        }
        for (int p = 0; p < truths.length; p++) {
            truths[p] = new PartitionTruth(p, new NodeDisks());
        }
        this.quorum =
                new SimulatedQuorum(
                        time,
                        random,
                        config(),
                        rules.controller(),
                        this::probe,
                        this::describe,
                        this::committed,
                        trace);
    }

    /** Who is away leaves sooner than who is slow, as with the defaults. */
    private static LagBounds lagBounds(Options options) {
        return new LagBounds(millis(options.lagMaxMillis()), millis(options.lagMaxMillis() / 3));
    }

    private static long millis(long count) {
        return count * 1_000_000;
    }

    private static ControllerConfig config() {
        return new ControllerConfig(
                new TopicDefaults(1, 1),
                1,
                Duration.ofMillis(SESSION_MILLIS),
                Duration.ofMillis(1_500),
                Duration.ofSeconds(3),
                Duration.ofMillis(900),
                Duration.ofMinutes(10),
                100);
    }

    private final class NodeDisks implements PartitionTruth.Disks {
        @Override
        public @Nullable ReplicaLog log(int node, int partition) {
            return nodes[node].log(partition);
        }

        @Override
        public long brokerEpoch(int node) {
            return quorum.newest().broker(node).map(BrokerImage::brokerEpoch).orElse(-1L);
        }

        @Override
        public boolean isWhole(int node) {
            return !nodes[node].isLossy();
        }
    }

    /** Runs the whole schedule; throws a {@link Violation} if an invariant does not hold. */
    void run() {
        for (SimulatedNode node : nodes) {
            node.start();
        }
        runUntil(this::allUp, 20_000, "no broker comes up");
        create();
        runUntil(() -> newestLeaderEpoch(0) >= 0, 5_000, "no topic");
        for (int i = 0; i < options.producers(); i++) {
            Producer producer = new Producer(this, i, i % options.partitions());
            producers.add(producer);
            producer.send();
        }
        time.after(20, this::consume);
        nemesis.begin();
        long end = time.millis() + options.phaseMillis();
        while (time.millis() < end) {
            time.runNext();
        }
        faulty = false;
        trace.add("------ all faults end");
        nemesis.healAll();
        long writes = time.millis() + 1_000;
        while (time.millis() < writes) {
            time.runNext();
        }
        ending = true;
        runUntil(this::isWell, HEALED_WITHIN_MILLIS, "does not become well");
    }

    private void create() {
        List<List<Integer>> assignments = new ArrayList<>();
        for (int p = 0; p < options.partitions(); p++) {
            assignments.add(someNodes(options.replicas()));
        }
        operate(new CreateTopic(TOPIC, 0, 0, assignments, options.topicConfigs(), false, false));
    }

    /** So many nodes, in any order. */
    List<Integer> someNodes(int count) {
        List<Integer> all = new ArrayList<>();
        for (int id = 0; id < nodes.length; id++) {
            all.add(random.nextInt(all.size() + 1), id);
        }
        return all.subList(0, count);
    }

    private interface Condition {
        boolean holds();
    }

    private void runUntil(Condition condition, int millisMax, String otherwise) {
        long limit = time.millis() + millisMax;
        long next = time.millis();
        while (true) {
            if (time.millis() >= next) {
                if (condition.holds()) {
                    return;
                }
                next = time.millis() + 50;
            }
            if (time.millis() > limit) {
                throw new Violation("liveness", otherwise + "\n" + describeAll());
            }
            time.runNext();
        }
    }

    private boolean allUp() {
        MetadataImage image = quorum.newest();
        for (SimulatedNode node : nodes) {
            if (!image.isUp(node.id())) {
                return false;
            }
        }
        return true;
    }

    private void consume() {
        for (int p = 0; p < truths.length; p++) {
            SimulatedNode node = nodes[random.nextInt(nodes.length)];
            SimulatedProcess process = node.process();
            Replica replica = process == null || node.isPaused() ? null : process.replica(p);
            Leading leading = replica == null ? null : replica.leading();
            if (replica != null && leading != null) {
                if (leading.isReadable()) {
                    truths[p].read(replica);
                } else {
                    sometimes(Sometimes.WATERMARK_HELD_BY_EPOCH_START);
                }
                if (!leading.state().isr().isEnough()) {
                    sometimes(Sometimes.WATERMARK_HELD_BY_MINIMUM);
                }
            }
        }
        time.after(1 + random.nextInt(25), this::consume);
    }

    /** Each partition is led, by all its replicas, which are equal and committed to their end. */
    private boolean isWell() {
        for (int p = 0; p < truths.length; p++) {
            if (!isWell(p)) {
                return false;
            }
        }
        return producers.stream().allMatch(Producer::isDone);
    }

    private boolean isWell(int p) {
        PartitionImage image = partition(p);
        if (!image.hasLeader()
                || image.isReassigning()
                || image.isr().size() != image.replicas().size()
                || !image.unclean().isEmpty()) {
            return false;
        }
        ReplicaLog led = nodes[image.leader()].log(p);
        for (int id : image.replicas()) {
            SimulatedProcess process = nodes[id].process();
            Replica replica = process == null ? null : process.replica(p);
            if (replica == null
                    || led == null
                    || !isInStep(replica, image)
                    || replica.highWatermark() != led.end()
                    || replica.log().end() != led.end()) {
                return false;
            }
            truths[p].checkWhole(replica);
        }
        return true;
    }

    private static boolean isInStep(Replica replica, PartitionImage image) {
        Following following = replica.following();
        return image.leader() == replica.nodeId()
                ? replica.ledEpoch() == image.leaderEpoch()
                : following != null
                        && following.state().phase() == FollowerState.Phase.FOLLOWING
                        && following.state().leader().leaderEpoch() == image.leaderEpoch();
    }

    String describeAll() {
        StringBuilder text = new StringBuilder();
        MetadataImage image = quorum.newest();
        image.topics().values().forEach(t -> t.partitions().forEach(p -> text.append(p + "\n")));
        for (BrokerImage broker : image.allBrokers()) {
            text.append("n" + broker.id() + " epoch " + broker.brokerEpoch());
            text.append(broker.fenced() ? " fenced" : " up");
            text.append(broker.shuttingDown() ? " leaving\n" : "\n");
        }
        for (SimulatedNode node : nodes) {
            SimulatedProcess process = node.process();
            text.append("n" + node.id() + (process == null ? " is down" : " runs"));
            text.append(process == null ? "" : ", has applied " + process.applied());
            for (int p = 0; p < truths.length; p++) {
                text.append("\n  p" + p + " ");
                text.append(process == null ? node.log(p) : process.replica(p));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The last events, and how all stands. */
    String report() {
        return trace + "\n" + describeAll();
    }

    Map<Sometimes, Integer> seen() {
        return seen;
    }

    void sometimes(Sometimes what) {
        seen.merge(what, 1, Integer::sum);
    }

    RandomSource random() {
        return random;
    }

    Options options() {
        return options;
    }

    Rules rules() {
        return rules;
    }

    VirtualTime time() {
        return time;
    }

    Trace trace() {
        return trace;
    }

    Nemesis nemesis() {
        return nemesis;
    }

    Network network() {
        return network;
    }

    SimulatedQuorum quorum() {
        return quorum;
    }

    SimulatedNode node(int id) {
        return nodes[id];
    }

    Replica.Cores cores() {
        return cores;
    }

    PartitionTruth truth(int partition) {
        return truths[partition];
    }

    /** Whether faults still befall the cluster. */
    boolean isFaulty() {
        return faulty;
    }

    /** Whether producers finish what they have begun and begin nothing more. */
    boolean isEnding() {
        return ending;
    }

    UUID topicId() {
        return quorum.newest().topics().get(TOPIC).id();
    }

    PartitionImage partition(int number) {
        return quorum.newest().topics().get(TOPIC).partitions().get(number);
    }

    int newestLeaderEpoch(int partition) {
        return quorum.newest().topic(TOPIC).isEmpty() ? -1 : partition(partition).leaderEpoch();
    }

    /** Somebody who believes to lead, or anybody. */
    SimulatedNode aLeaderOf(int partition) {
        int from = random.nextInt(nodes.length);
        for (int i = 0; i < nodes.length && random.nextInt(10) > 0; i++) {
            SimulatedNode node = nodes[(from + i) % nodes.length];
            SimulatedProcess process = node.process();
            Replica replica = process == null ? null : process.replica(partition);
            if (replica != null && replica.leading() != null) {
                return node;
            }
        }
        return nodes[from];
    }

    void acknowledged(Replica replica, Waiting waiting) {
        truths[replica.partition()].acknowledged(replica, waiting);
        if (waiting.duplicate()) {
            sometimes(Sometimes.DUPLICATE_ANSWERED);
        }
        Producer producer = producers.get((int) (waiting.request() >>> 32));
        time.after(1 + random.nextInt(10), () -> producer.succeeded(waiting.request()));
    }

    void proposalAnswered(Replica replica, IsrProposal proposal, IsrProposal.Outcome outcome) {
        if (trace.isOn()) {
            trace.add("n" + replica.nodeId() + " hears " + outcome + " of " + proposal);
        }
        if (outcome == IsrProposal.Outcome.REFUSED) {
            sometimes(Sometimes.PROPOSAL_REFUSED);
        } else if (outcome == IsrProposal.Outcome.UNKNOWN) {
            boolean taken =
                    partition(replica.partition()).partitionEpoch() > proposal.partitionEpoch();
            sometimes(taken ? Sometimes.PROPOSAL_TAKEN_UNKNOWN : Sometimes.PROPOSAL_UNKNOWN);
        }
    }

    /** An operation of an operator, on the active controller. */
    void operate(MetadataOperation<?> operation) {
        if (trace.isOn()) {
            trace.add("operator: " + operation);
        }
        CompletableFuture<?> unused =
                quorum.voter(quorum.active()).controller.submit(Optional.empty(), operation);
        quorum.run();
    }

    /**
     * A node's request to a voter. The handler is called with what comes back, if anything does.
     */
    <R> void callController(
            SimulatedProcess from,
            int voter,
            int lateMillis,
            Function<SimulatedController, CompletableFuture<R>> request,
            BiConsumer<@Nullable R, @Nullable RejectedException> handler) {
        int id = from.node().id();
        int most = random.nextInt(20) == 0 ? 1_500 : callMillisMax;
        int delay = lateMillis + 1 + random.nextInt(most);
        time.after(
                delay,
                () -> {
                    if (cutToController[id]) {
                        return;
                    }
                    CompletableFuture<?> unused =
                            request.apply(quorum.voter(voter))
                                    .whenComplete(
                                            (reply, failure) ->
                                                    answer(id, reply, failure, handler));
                    quorum.run();
                });
    }

    private <R> void answer(
            int id,
            @Nullable R reply,
            @Nullable Throwable failure,
            BiConsumer<@Nullable R, @Nullable RejectedException> handler) {
        time.after(
                1 + random.nextInt(callMillisMax),
                () -> {
                    if (!cutFromController[id]) {
                        handler.accept(
                                reply,
                                failure instanceof RejectedException refusal ? refusal : null);
                    }
                });
    }

    /** The machine of a process that ended says so. */
    void controllerHearsEndOf(SimulatedProcess ended) {
        int id = ended.node().id();
        long epoch = ended.brokerEpoch();
        time.after(
                1 + random.nextInt(60),
                () -> {
                    if (!cutToController[id]) {
                        quorum.voter(0).controller.streamBroken(id, epoch);
                        quorum.voter(1).controller.streamBroken(id, epoch);
                        quorum.run();
                    }
                });
    }

    void left(SimulatedProcess process, long epoch) {
        int id = process.node().id();
        quorum.voter(quorum.active()).controller.left(id, epoch);
        sometimes(Sometimes.DRAINED);
        quorum.run();
    }

    private CompletableFuture<Answer> probe(BrokerImage broker) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        SimulatedNode node = nodes[broker.id()];
        time.after(
                1 + random.nextInt(40),
                () -> {
                    boolean silent =
                            cutToController[broker.id()]
                                    || cutFromController[broker.id()]
                                    || node.isPaused()
                                    || !node.machineOn();
                    if (silent) {
                        return;
                    }
                    SimulatedProcess process = node.process();
                    answer.complete(
                            process == null
                                    ? Answer.REFUSED
                                    : process.incarnation().equals(broker.incarnationId())
                                            ? Answer.ANSWERED
                                            : Answer.REPLACED);
                    quorum.run();
                });
        return answer;
    }

    private CompletableFuture<List<Optional<ReplicaProbe.End>>> describe(
            BrokerImage broker, List<TopicIdPartition> partitions) {
        CompletableFuture<List<Optional<ReplicaProbe.End>>> answer = new CompletableFuture<>();
        SimulatedNode node = nodes[broker.id()];
        time.after(
                1 + random.nextInt(100),
                () -> {
                    SimulatedProcess process = node.process();
                    if (process == null
                            || process.brokerEpoch() != broker.brokerEpoch()
                            || node.isPaused()
                            || cutFromController[broker.id()]) {
                        return;
                    }
                    List<Optional<ReplicaProbe.End>> ends = new ArrayList<>();
                    for (TopicIdPartition id : partitions) {
                        ends.add(
                                Optional.ofNullable(process.replica(id.partition()))
                                        .map(
                                                r ->
                                                        new ReplicaProbe.End(
                                                                r.log().lastEpoch(),
                                                                r.log().end())));
                    }
                    time.after(
                            1 + random.nextInt(100),
                            () -> {
                                answer.complete(ends);
                                quorum.run();
                            });
                });
        return answer;
    }

    private void committed(MetadataBatch batch, MetadataImage before, MetadataImage after) {
        metadataTruth.committed(before, after);
        if (after.cluster().lastBatchSequence() == before.cluster().lastBatchSequence()) {
            sometimes(Sometimes.BATCH_IGNORED);
        } else {
            batch.records()
                    .forEach(
                            record -> {
                                if (record instanceof BrokerRegistered registered) {
                                    nodes[registered.brokerId()].registered(
                                            registered.incarnationId());
                                    if (!registered.cleanShutdown()) {
                                        sometimes(Sometimes.RESTARTED_UNCLEANLY);
                                    }
                                }
                            });
        }
        if (after.topics() != before.topics()) {
            for (int p = 0; p < truths.length; p++) {
                PartitionImage now = after.topics().get(TOPIC).partitions().get(p);
                if (before.topic(TOPIC).isPresent()) {
                    count(before.topics().get(TOPIC).partitions().get(p), now);
                }
                truths[p].decided(now);
            }
        }
        int index = (int) after.index();
        for (SimulatedNode node : nodes) {
            SimulatedProcess process = node.process();
            if (process != null) {
                feed(process, index, 1 + random.nextInt(20));
            }
        }
    }

    private void feed(SimulatedProcess process, int index, long delay) {
        time.after(
                delay,
                () -> {
                    long heldFor = imagesHeldUntil[process.node().id()] - time.millis();
                    if (heldFor > 0) {
                        feed(process, index, heldFor);
                    } else {
                        process.node().run(process, () -> process.applyTo(index));
                    }
                });
    }

    private void count(PartitionImage before, PartitionImage now) {
        if (now.isr().size() > before.isr().size()) {
            sometimes(Sometimes.JOINED);
        } else if (now.isr().size() < before.isr().size()) {
            sometimes(Sometimes.LEFT);
        }
        if (now.hasLeader() && before.elr().contains(now.leader())) {
            sometimes(Sometimes.LED_BY_AN_ELIGIBLE_REPLICA);
        }
        if (now.uncleanElectionEpoch() > before.uncleanElectionEpoch()) {
            sometimes(
                    before.unclean().containsAll(before.isr())
                            ? Sometimes.LED_BY_THE_LARGEST_LOG
                            : Sometimes.LED_BY_AN_OPERATORS_WORD);
        }
        if (before.isReassigning() && !now.isReassigning()) {
            sometimes(Sometimes.REASSIGNED);
        }
    }
}
