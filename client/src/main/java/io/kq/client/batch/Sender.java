package io.kq.client.batch;

import io.kq.client.metadata.ClusterListener;
import io.kq.client.metadata.ClusterSnapshot;
import io.kq.client.metadata.NodeAddress;
import io.kq.client.metadata.NodeRoutes;
import io.kq.client.metadata.PartitionLeader;
import io.kq.client.metadata.StallVisitor;
import io.kq.client.metadata.TopicView;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves batches from the queues of the partitions to the streams of the nodes that lead them. On
 * the loop, except {@link #wake}.
 *
 * <p>When does a batch go that is not full? At once if nothing is under way that it could wait for;
 * else when an answer has come, or after {@code linger}. So batches grow by themselves just while
 * the cluster is busy, and a lone record never waits.
 */
final class Sender implements ClusterListener {

    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);

    /** A node with fewer unanswered messages than this is not busy. */
    private static final int BUSY_MESSAGES = 2;

    /** Longest wait of a batch for an answer to another one, if linger is shorter. */
    private static final Duration GROW_MAX = Duration.ofMillis(5);

    private static final Duration TICK_MIN = Duration.ofMillis(1);
    private static final Duration TICK_MAX = Duration.ofMillis(5);

    /** A broker may wait for replicas as long as the request says; the way takes its time too. */
    private static final Duration ANSWER_SLACK = Duration.ofSeconds(2);

    private static final Duration IDENTITY_PAUSE = Duration.ofMillis(100);

    private final EventLoop loop;
    private final Clock clock;
    private final ProducerSettings settings;
    private final NodeRoutes routes;
    private final ProduceLinks links;
    private final ProducerIds ids;
    private final BufferBudget budget;
    private final BuilderPool pool;
    private final Environment environment = new Environment();

    private final Map<String, List<PartitionSender>> topics = new HashMap<>();
    private final Map<NodeAddress, NodeSender> nodes = new LinkedHashMap<>();

    /** Partitions that have something to send or to wait for. */
    private final Set<PartitionSender> active = new LinkedHashSet<>();

    /** Partitions that are to become active. Filled by any thread. */
    private final Queue<PartitionSender> woken = new ConcurrentLinkedQueue<>();

    /** Whether a turn is to come. */
    private final AtomicBoolean stirred = new AtomicBoolean();

    private @Nullable ProducerIdentity shared;
    private boolean sharedAsked;
    private boolean ticking;
    private boolean closed;
    private long correlationIds;

    Sender(
            EventLoop loop,
            Clock clock,
            ProducerSettings settings,
            NodeRoutes routes,
            ProduceLinks links,
            ProducerIds ids,
            Memory memory) {
        this.loop = loop;
        this.clock = clock;
        this.settings = settings;
        this.routes = routes;
        this.links = links;
        this.ids = ids;
        this.budget = memory.budget();
        this.pool = memory.pool();
    }

    /** What the threads that send and the loop share of the producer's memory. */
    record Memory(BufferBudget budget, BuilderPool pool) {}

    // ---- topics

    /** Takes up partitions whose queues exist from now on. */
    void add(TopicView topic, List<PartitionQueue> queues) {
        List<PartitionSender> partitions =
                topics.computeIfAbsent(topic.name(), name -> new ArrayList<>());
        long nowNanos = clock.nanoTime();
        for (PartitionQueue queue : queues) {
            PartitionSender partition =
                    new PartitionSender(
                            topic.name(), topic.topicId(), queue, settings, environment, nowNanos);
            queue.onWake(() -> wake(partition));
            partition.leaderIs(topic.partitions().get(queue.partition()), nowNanos);
            partitions.add(partition);
        }
        if (settings.idempotent()) {
            askShared();
        }
    }

    /** The topic is no more: all that waits for it fails. */
    void remove(String topic, RejectedException why) {
        List<PartitionSender> removed = topics.remove(topic);
        if (removed != null) {
            active.removeAll(removed);
            removed.forEach(partition -> partition.abandon(why));
        }
    }

    @Override
    public void onCluster(ClusterSnapshot snapshot) {
        long nowNanos = clock.nanoTime();
        topics.forEach(
                (topic, partitions) -> {
                    for (PartitionSender partition : partitions) {
                        PartitionLeader leader =
                                snapshot.leader(
                                        new TopicPartition(topic, partition.queue().partition()));
                        partition.leaderIs(leader, nowNanos);
                    }
                });
        stir();
    }

    // ---- turns

    /** A queue has something that the loop does not know of. Any thread. */
    void wake(PartitionSender partition) {
        woken.add(partition);
        stir();
    }

    /** There may be something to send: a turn follows. Any thread. */
    void stir() {
        if (!stirred.get() && stirred.compareAndSet(false, true)) {
            loop.submit(this::turn);
        }
    }

    private void turn() {
        stirred.set(false);
        if (closed) {
            return;
        }
        for (PartitionSender next = woken.poll(); next != null; next = woken.poll()) {
            active.add(next);
        }
        long nowNanos = clock.nanoTime();
        Iterator<PartitionSender> each = active.iterator();
        List<PartitionSender> resting = new ArrayList<>();
        while (each.hasNext()) {
            PartitionSender partition = each.next();
            sendWhatMayGo(partition, nowNanos);
            if (partition.isSettled()) {
                resting.add(partition);
            }
        }
        List.copyOf(nodes.values()).forEach(NodeSender::transmit);
        for (PartitionSender partition : resting) {
            if (partition.isSettled() && partition.queue().rest()) {
                active.remove(partition);
            }
        }
        keepTicking();
    }

    private void sendWhatMayGo(PartitionSender partition, long nowNanos) {
        if (!partition.leader().isKnown()) {
            return;
        }
        if (partition.wantsIdentity()) {
            giveIdentity(partition);
        }
        NodeSender node = nodeFor(partition.leader().nodeId());
        if (node == null) {
            return;
        }
        while (node.isReady()) {
            long partialBeforeNanos = partialBefore(partition, node, nowNanos);
            ProducerBatch batch = partition.next(node, nowNanos, partialBeforeNanos);
            if (batch == null) {
                return;
            }
            node.add(partition, batch, correlationIds++, nowNanos);
        }
    }

    /** A batch that is not full may go if it was begun before this. */
    private long partialBefore(PartitionSender partition, NodeSender node, long nowNanos) {
        boolean lingers = !settings.linger().isZero();
        int busy = lingers ? 1 : BUSY_MESSAGES;
        if (partition.isSettled() && node.unansweredMessages() < busy) {
            return nowNanos;
        }
        return nowNanos - growMax().toNanos();
    }

    private Duration growMax() {
        return settings.linger().compareTo(GROW_MAX) > 0 ? settings.linger() : GROW_MAX;
    }

    private @Nullable NodeSender nodeFor(int nodeId) {
        NodeAddress address = routes.to(nodeId);
        if (address == null) {
            return null;
        }
        NodeSender known = nodes.get(address);
        if (known != null) {
            return known;
        }
        NodeSender node = new NodeSender(address, settings, environment, clock::nanoTime);
        nodes.put(address, node);
        node.open(links);
        return node;
    }

    // ---- identity

    private void giveIdentity(PartitionSender partition) {
        if (partition.identityIsSpent()) {
            if (partition.askIdentity()) {
                askFor(partition);
            }
        } else if (shared != null) {
            partition.setIdentity(shared);
        } else {
            askShared();
        }
    }

    private void askShared() {
        if (sharedAsked || closed) {
            return;
        }
        sharedAsked = true;
        askIdentity(
                identity -> shared = identity,
                () -> {
                    sharedAsked = false;
                    askShared();
                });
    }

    private void askFor(PartitionSender partition) {
        if (!closed) {
            askIdentity(partition::setIdentity, () -> askFor(partition));
        }
    }

    /** Once asked, an identity comes sooner or later, or {@code again} is run after a pause. */
    private void askIdentity(Consumer<ProducerIdentity> given, Runnable again) {
        BiConsumer<@Nullable ProducerIdentity, @Nullable Throwable> answered =
                (identity, failure) -> {
                    if (identity != null) {
                        given.accept(identity);
                        stir();
                    } else {
                        LOG.debug("No producer id was given", failure);
                        loop.schedule(IDENTITY_PAUSE, again);
                    }
                };
        var unused =
                ids.next()
                        .whenComplete(
                                (identity, failure) ->
                                        loop.submit(() -> answered.accept(identity, failure)));
    }

    // ---- time

    /** While anything waits, its age is looked at. */
    private void keepTicking() {
        if (ticking || active.isEmpty()) {
            return;
        }
        ticking = true;
        Duration half = settings.linger().dividedBy(2);
        Duration tick = half.isZero() || half.compareTo(TICK_MAX) > 0 ? TICK_MAX : half;
        loop.schedule(tick.compareTo(TICK_MIN) < 0 ? TICK_MIN : tick, this::tick);
    }

    private void tick() {
        ticking = false;
        if (closed) {
            return;
        }
        long nowNanos = clock.nanoTime();
        long expiredNanos = nowNanos - settings.deliveryTimeout().toNanos();
        List.copyOf(active).forEach(partition -> partition.expire(expiredNanos));
        long answerMax = settings.requestTimeout().plus(ANSWER_SLACK).toNanos();
        List.copyOf(nodes.values()).forEach(node -> node.checkStalled(nowNanos, answerMax));
        turn();
    }

    /** Shows each partition with a record that has waited for {@code atLeast}; on the loop. */
    CompletableFuture<Void> stalls(Duration atLeast, StallVisitor visitor) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.submit(
                () -> {
                    long nowNanos = clock.nanoTime();
                    for (PartitionSender partition : active) {
                        partition
                                .waitingSinceNanos()
                                .ifPresent(
                                        since -> {
                                            Duration lasts = Duration.ofNanos(nowNanos - since);
                                            if (lasts.compareTo(atLeast) >= 0) {
                                                visitor.onStall(
                                                        partition.id(),
                                                        partition.obstacle(),
                                                        lasts);
                                            }
                                        });
                    }
                    done.complete(null);
                });
        return done;
    }

    // ---- ends

    /** Sends all that was taken so far; completes when each of it is acknowledged or has failed. */
    CompletableFuture<Void> flush() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        loop.submit(
                () -> {
                    int[] left = {1};
                    Runnable countDown =
                            () -> {
                                if (--left[0] == 0) {
                                    done.complete(null);
                                }
                            };
                    for (List<PartitionSender> partitions : topics.values()) {
                        for (PartitionSender partition : partitions) {
                            int batches = partition.whenEachEnds(countDown);
                            left[0] += batches;
                        }
                    }
                    countDown.run();
                    stir();
                });
        return done;
    }

    /** Fails all that is left and ends the streams. */
    void close(RejectedException why) {
        if (closed) {
            return;
        }
        closed = true;
        budget.close();
        List.copyOf(topics.keySet()).forEach(topic -> remove(topic, why));
        List.copyOf(nodes.values()).forEach(node -> node.close(why, true));
        nodes.clear();
    }

    /** What partitions and nodes tell the sender. */
    private final class Environment implements PartitionSender.Environment, NodeSender.Owner {

        @Override
        public void forget(ProducerBatch batch) {
            nodes.values().forEach(node -> node.forget(batch));
        }

        @Override
        public void fail(PartitionSender partition, ProducerBatch batch, RejectedException why) {
            batch.fail(why, budget);
        }

        @Override
        public void acknowledge(PartitionSender partition, ProducerBatch batch, long baseOffset) {
            batch.acknowledge(partition.queue().partition(), baseOffset, budget, pool);
        }

        @Override
        public void stir() {
            Sender.this.stir();
        }

        @Override
        public void works(NodeAddress address) {
            routes.connected(address);
        }

        @Override
        public void closed(NodeSender node, boolean usable) {
            nodes.remove(node.address(), node);
            if (!usable) {
                routes.failed(node.address());
            }
            Sender.this.stir();
        }
    }
}
