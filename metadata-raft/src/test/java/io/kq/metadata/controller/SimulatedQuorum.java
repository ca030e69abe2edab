package io.kq.metadata.controller;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.placement.ReplicaRules;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Voters without Ratis, on one thread: a log of encoded batches that all agree on, a leader that
 * can be lost with or without what it had submitted, and a controller per voter on a loop that is
 * turned by hand.
 */
final class SimulatedQuorum {

    static final String CLUSTER = "simulated";

    /** For so long a leader is not heard before there is another one. */
    private static final Duration SILENCE = Duration.ofMillis(500);

    /** A committed entry; its index is its place in the list. Its bytes are never changed. */
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(long term, byte[] batch) {}

    private record Submitted(
            int node, MetadataBatch batch, CompletableFuture<AppliedEntry> reply) {}

    /** One voter. */
    final class Node {
        final int id;
        final ManualEventLoop loop = new ManualEventLoop(clock);
        final ControllerPorts ports;
        final ControllerLoop controller;
        MetadataImage image = MetadataImage.EMPTY;
        int applied;

        private Node(int id, ControllerConfig config, int partitionsPerBatch) {
            this.id = id;
            this.ports =
                    new ControllerPorts(
                            loop,
                            clock,
                            random,
                            batch -> append(id, batch),
                            () -> image,
                            () -> leader == id ? OptionalLong.of(term) : OptionalLong.empty(),
                            SimulatedQuorum.this::probe,
                            (broker, replicas) -> replicaProbe.describe(broker, replicas));
            this.controller =
                    new ControllerLoop(
                            CLUSTER, config, ports, partitionsPerBatch, ReplicaRules.STRICT);
        }

        void applyNext() {
            Entry entry = log.get(applied);
            MetadataBatch batch = BatchCodec.decode(ByteBuffer.wrap(entry.batch()));
            MetadataDelta delta = ImageTransition.apply(image, batch, applied, entry.term());
            image = delta.after();
            applied++;
            onApplied.accept(this, delta);
        }

        void applyAll() {
            while (applied < log.size()) {
                applyNext();
            }
        }
    }

    final ManualClock clock = new ManualClock();
    final RandomSource random;
    final List<Entry> log = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();

    /** What dialling a broker answers; unknown brokers are silent. */
    final Map<Integer, BrokerSessions.BrokerProbe.Answer> probes = new TreeMap<>();

    /** What brokers say of their logs: nothing, unless a test says so. */
    ReplicaProbe replicaProbe =
            (broker, replicas) ->
                    CompletableFuture.failedFuture(new IllegalStateException("unreachable"));

    final List<Integer> probed = new ArrayList<>();
    private final List<Submitted> submitted = new ArrayList<>();
    private final List<MetadataBatch> late = new ArrayList<>();
    private BiConsumer<Node, MetadataDelta> onApplied = (node, delta) -> {};

    int leader = -1;
    long term;

    SimulatedQuorum(
            int voterCount, ControllerConfig config, RandomSource random, int partitionsPerBatch) {
        this.random = random;
        for (int id = 0; id < voterCount; id++) {
            nodes.add(new Node(id, config, partitionsPerBatch));
        }
    }

    SimulatedQuorum(int voterCount, ControllerConfig config) {
        this(voterCount, config, RandomSource.seeded(1), 8_000);
    }

    void onApplied(BiConsumer<Node, MetadataDelta> observer) {
        onApplied = observer;
    }

    private CompletableFuture<BrokerSessions.BrokerProbe.Answer> probe(BrokerImage broker) {
        probed.add(broker.id());
        return CompletableFuture.completedFuture(
                probes.getOrDefault(broker.id(), BrokerSessions.BrokerProbe.Answer.SILENT));
    }

    private CompletableFuture<AppliedEntry> append(int node, MetadataBatch batch) {
        CompletableFuture<AppliedEntry> reply = new CompletableFuture<>();
        if (node != leader) {
            reply.completeExceptionally(new IllegalStateException("not the leader"));
        } else {
            submitted.add(new Submitted(node, batch, reply));
        }
        return reply;
    }

    boolean hasSubmitted() {
        return !submitted.isEmpty();
    }

    /** Runs loops and commits until nothing more happens without time passing. */
    void settle() {
        do {
            runLoops();
            commitSubmitted();
            runLoops();
        } while (hasSubmitted());
    }

    void runLoops() {
        nodes.forEach(node -> node.loop.runDue());
    }

    /** Everything submitted becomes an entry, applied on the leader and answered. */
    void commitSubmitted() {
        if (hasSubmitted()) {
            late.forEach(this::commit);
            late.clear();
        }
        for (Submitted entry : List.copyOf(submitted)) {
            submitted.remove(entry);
            Node node = nodes.get(leader);
            node.applyAll();
            MetadataImage before = node.image;
            commit(entry.batch());
            node.applyAll();
            boolean ignored = ImageTransition.isIgnored(before, entry.batch(), term);
            entry.reply().complete(new AppliedEntry(log.size() - 1L, term, ignored));
        }
    }

    private void commit(MetadataBatch batch) {
        log.add(new Entry(term, BatchCodec.encode(batch)));
    }

    /** A batch that no controller decided. */
    void inject(MetadataBatch batch) {
        commit(batch);
        nodes.get(leader).applyAll();
    }

    /** What becomes of a submission whose answer is lost. */
    enum Fate {
        DROPPED,
        COMMITTED,
        /** Committed in this term, but only with what is submitted next. */
        COMMITTED_LATE
    }

    /** The leader's submissions fail with an unknown outcome, though it goes on leading. */
    void loseAnswers(Fate fate) {
        for (Submitted entry : List.copyOf(submitted)) {
            submitted.remove(entry);
            if (fate == Fate.COMMITTED) {
                commit(entry.batch());
            } else if (fate == Fate.COMMITTED_LATE) {
                late.add(entry.batch());
            }
            entry.reply().completeExceptionally(new IllegalStateException("timed out"));
        }
        nodes.get(leader).applyAll();
    }

    /**
     * Another term begins, perhaps with the same leader.
     *
     * @param kept what the old leader had submitted is committed in the old term, but it never
     *     learns that
     */
    void elect(int id, boolean kept) {
        List<Submitted> lost = List.copyOf(submitted);
        submitted.clear();
        late.clear();
        if (kept) {
            lost.forEach(entry -> commit(entry.batch()));
        }
        int old = leader;
        leader = id;
        term++;
        lost.forEach(
                entry -> entry.reply().completeExceptionally(new IllegalStateException("lost")));
        if (old >= 0) {
            nodes.get(old).controller.onNotLeader();
        }
        Node node = nodes.get(id);
        node.applyAll();
        node.controller.onLeaderReady(term, new FormerLeader(old, SILENCE));
    }

    /** Time passes in small steps, as it does for a process that is not paused. */
    void advance(Duration duration) {
        Duration step = Duration.ofMillis(100);
        for (Duration done = Duration.ZERO; done.compareTo(duration) < 0; done = done.plus(step)) {
            clock.advance(step);
            settle();
        }
    }

    Node active() {
        return nodes.get(leader);
    }
}
