package io.kq.client.batch;

import io.kq.client.metadata.ClusterSnapshot;
import io.kq.client.metadata.MetadataFeed;
import io.kq.client.metadata.NodeAddress;
import io.kq.client.metadata.PartitionLeader;
import io.kq.client.metadata.TopicView;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * Three nodes in one thread: produce streams and the metadata stream, with delays and faults drawn
 * from a seed. What a node has taken it answers after a delay, unless the stream breaks before.
 */
final class SimulatedCluster implements ProduceLinks, ProducerIds, MetadataFeed {

    static final String TOPIC = "t";
    private static final UUID TOPIC_ID = new UUID(7, 7);
    private static final int NODES = 3;

    /** Chances of faults, in parts of a thousand. */
    record Faults(int linkBreak, int refusal, int lostAnswer, int leaderMove, int idRefusal) {
        static final Faults NONE = new Faults(0, 0, 0, 0, 0);
    }

    private final ManualClock clock;
    private final ManualEventLoop loop;
    private final RandomSource random;
    private final SimulatedLog[] logs;
    private final int[] leaders;
    private final List<Link> links = new ArrayList<>();
    private final List<MetadataFeed.Listener> watchers = new ArrayList<>();
    private final boolean[] down = new boolean[NODES];
    private Faults faults = Faults.NONE;
    private int version;
    private int epoch;
    private long nextProducerId = 1000;
    private int messageBytesMax = Integer.MAX_VALUE;

    SimulatedCluster(ManualClock clock, ManualEventLoop loop, RandomSource random, int partitions) {
        this.clock = clock;
        this.loop = loop;
        this.random = random;
        this.logs = new SimulatedLog[partitions];
        this.leaders = new int[partitions];
        for (int i = 0; i < partitions; i++) {
            logs[i] = new SimulatedLog();
            leaders[i] = i % NODES;
        }
    }

    void setFaults(Faults now) {
        faults = now;
    }

    void setMessageBytesMax(int bytes) {
        messageBytesMax = bytes;
    }

    SimulatedLog log(int partition) {
        return logs[partition];
    }

    long producerIdsGiven() {
        return nextProducerId - 1000;
    }

    static NodeAddress address(int node) {
        return new NodeAddress("node" + node, 9092);
    }

    // ---- metadata

    private ClusterSnapshot snapshot() {
        List<PartitionLeader> now =
                IntStream.range(0, leaders.length)
                        .mapToObj(
                                p ->
                                        leaders[p] < 0
                                                ? PartitionLeader.NONE
                                                : new PartitionLeader(leaders[p], epoch))
                        .toList();
        return ClusterSnapshot.of(
                "cluster",
                version,
                Map.of(0, address(0), 1, address(1), 2, address(2)),
                List.of(new TopicView(TOPIC, TOPIC_ID, now, List.of(), 0)),
                List.of());
    }

    @Override
    public Subscription watch(
            NodeAddress node, Set<String> topics, MetadataFeed.Listener listener) {
        watchers.add(listener);
        later(() -> tell(listener));
        return () -> watchers.remove(listener);
    }

    private void tell(MetadataFeed.Listener listener) {
        if (watchers.contains(listener)) {
            listener.onSnapshot(snapshot());
        }
    }

    /** Clients hear of it some time later. */
    void moveLeader(int partition, int to) {
        leaders[partition] = to;
        version++;
        epoch++;
        List.copyOf(watchers).forEach(each -> later(() -> tell(each)));
    }

    // ---- nodes

    /** Breaks all streams of a node; while it is down, new ones fail. */
    void setDown(int node, boolean isDown) {
        down[node] = isDown;
        if (isDown) {
            List.copyOf(links).stream()
                    .filter(link -> link.node == node)
                    .forEach(link -> link.breakNow());
        }
    }

    @Override
    public CompletableFuture<ProducerIdentity> next() {
        CompletableFuture<ProducerIdentity> result = new CompletableFuture<>();
        later(
                () -> {
                    if (chance(faults.idRefusal())) {
                        result.completeExceptionally(
                                new RejectedException(ErrorCode.QUORUM_LOST, "no quorum"));
                    } else {
                        result.complete(new ProducerIdentity(nextProducerId++, (short) 0));
                    }
                });
        return result;
    }

    @Override
    public ProduceLink open(NodeAddress node, ProduceLink.Listener listener) {
        int id = Integer.parseInt(node.host().substring(4));
        Link link = new Link(id, listener);
        links.add(link);
        later(link::connect);
        return link;
    }

    private void later(Runnable task) {
        loop.schedule(Duration.ofMillis(random.nextInt(8)), task);
    }

    private boolean chance(int perMille) {
        return random.nextInt(1000) < perMille;
    }

    private final class Link implements ProduceLink {

        private final int node;
        private final ProduceLink.Listener listener;
        private boolean ready;
        private boolean over;

        /** Deliveries of a stream keep their order: none comes before the one sent before it. */
        private long dueNanos = clock.nanoTime();

        Link(int node, ProduceLink.Listener listener) {
            this.node = node;
            this.listener = listener;
        }

        private void connect() {
            if (over) {
                return;
            }
            if (down[node]) {
                end(false);
            } else {
                ready = true;
                listener.onReady();
            }
        }

        private void end(boolean wasReady) {
            over = true;
            links.remove(this);
            listener.onClosed(
                    wasReady, new RejectedException(ErrorCode.UNREACHABLE, "connection lost"));
        }

        private void breakNow() {
            if (!over) {
                end(ready);
            }
        }

        @Override
        public boolean isReady() {
            return ready && !over;
        }

        @Override
        public void close() {
            over = true;
            links.remove(this);
        }

        @Override
        public void send(List<OutgoingBatch> batches) {
            if (!isReady()) {
                throw new IllegalStateException("sent when not ready");
            }
            List<OutgoingBatch> copies = new ArrayList<>();
            for (OutgoingBatch each : batches) {
                ByteBuffer copy = ByteBuffer.allocate(each.bytes().remaining());
                copy.put(each.bytes().duplicate()).flip();
                copies.add(
                        new OutgoingBatch(
                                each.correlationId(),
                                each.topic(),
                                each.topicId(),
                                each.partition(),
                                copy));
            }
            inOrder(() -> copies.forEach(this::arrive));
        }

        /** Runs after a delay, after all that was scheduled here before. */
        private void inOrder(Runnable task) {
            long nowNanos = clock.nanoTime();
            dueNanos = Math.max(dueNanos, nowNanos + random.nextInt(4) * 1_000_000L);
            loop.schedule(Duration.ofNanos(dueNanos - nowNanos), task);
        }

        private void arrive(OutgoingBatch batch) {
            // What was on its way arrives even if the client has given the stream up.
            if (down[node]) {
                return;
            }
            if (chance(faults.linkBreak())) {
                breakNow();
                if (random.nextInt(2) == 0) {
                    return;
                }
            }
            if (chance(faults.leaderMove())) {
                moveLeader(batch.partition(), random.nextInt(NODES));
            }
            Runnable answer = answer(batch);
            if (chance(faults.lostAnswer())) {
                breakNow();
            }
            inOrder(
                    () -> {
                        if (!over) {
                            answer.run();
                        }
                    });
        }

        private Runnable answer(OutgoingBatch batch) {
            long id = batch.correlationId();
            if (batch.bytes().remaining() > messageBytesMax) {
                return refusal(id, new RejectedException(ErrorCode.MESSAGE_TOO_LARGE, "large"));
            }
            if (leaders[batch.partition()] != node) {
                return refusal(id, new RejectedException(ErrorCode.NOT_LEADER, "not me"));
            }
            if (chance(faults.refusal())) {
                return refusal(id, new RejectedException(ErrorCode.NOT_ENOUGH_REPLICAS, "too few"));
            }
            try {
                SimulatedLog.Outcome outcome = logs[batch.partition()].append(batch.bytes());
                if (chance(faults.refusal())) {
                    return refusal(
                            id,
                            new RejectedException(
                                    ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
                                    "too few",
                                    false,
                                    Map.of()));
                }
                return () -> listener.onAccepted(id, outcome.baseOffset(), outcome.duplicate());
            } catch (RejectedException refused) {
                return refusal(id, refused);
            }
        }

        private Runnable refusal(long id, RejectedException why) {
            return () -> listener.onRefused(id, why);
        }
    }
}
