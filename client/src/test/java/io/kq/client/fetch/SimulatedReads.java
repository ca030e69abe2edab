package io.kq.client.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.client.metadata.ClusterSnapshot;
import io.kq.client.metadata.MetadataFeed;
import io.kq.client.metadata.NodeAddress;
import io.kq.client.metadata.OffsetQuery;
import io.kq.client.metadata.PartitionLeader;
import io.kq.client.metadata.TopicView;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import io.kq.runtime.RandomSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Logs that are read from three nodes in one thread, with delays and faults drawn from a seed. The
 * logs have gaps and control batches; data for an ended subscription still arrives, and a batch may
 * begin before the offset asked for.
 */
final class SimulatedReads implements FetchLinks, MetadataFeed, OffsetLookup {

    static final String TOPIC = "t";
    private static final int NODES = 3;

    private record Batch(long baseOffset, long nextOffset, ByteBuffer bytes) {}

    /** One partition: batches, and the records an application may see. */
    static final class Log {
        private final List<Batch> batches = new ArrayList<>();
        final TreeMap<Long, String> visible = new TreeMap<>();
        long startOffset;
        long endOffset;
    }

    private final ManualClock clock;
    private final ManualEventLoop loop;
    private final RandomSource random;
    private final Log[] logs;
    private final int[] leaders;
    private final List<Link> links = new ArrayList<>();
    private final List<MetadataFeed.Listener> watchers = new ArrayList<>();
    private UUID topicId = new UUID(7, 7);
    private final Map<Integer, ErrorCode> refusing = new HashMap<>();
    private boolean topicExists = true;
    private int replicaCount = 3;
    private int faultsPerMille;
    private int version;
    private long grantedBytes;
    private long overdrawnBytesMax;

    SimulatedReads(ManualClock clock, ManualEventLoop loop, RandomSource random, int partitions) {
        this.clock = clock;
        this.loop = loop;
        this.random = random;
        this.logs = new Log[partitions];
        this.leaders = new int[partitions];
        for (int i = 0; i < partitions; i++) {
            logs[i] = new Log();
            leaders[i] = i % NODES;
        }
    }

    void setFaultsPerMille(int faults) {
        faultsPerMille = faults;
    }

    Log log(int partition) {
        return logs[partition];
    }

    /** All credit that was ever granted. */
    long grantedBytes() {
        return grantedBytes;
    }

    /** By how much a stream's last message exceeded its credit at most. */
    long overdrawnBytesMax() {
        return overdrawnBytesMax;
    }

    // ---- the logs

    void append(int partition, int records) {
        Log log = logs[partition];
        RecordBatchBuilder builder = new RecordBatchBuilder(256);
        boolean control = random.nextInt(8) == 0;
        long base = log.endOffset + (random.nextInt(6) == 0 ? random.nextInt(5) : 0);
        for (int i = 0; i < records; i++) {
            String value = "p" + partition + "o" + (base + i);
            builder.append(1000 + i, null, value.getBytes(UTF_8));
            if (!control) {
                log.visible.put(base + i, value);
            }
        }
        CompressionCodec codec =
                random.nextInt(4) == 0 ? CompressionCodec.LZ4 : CompressionCodec.NONE;
        ByteBuffer bytes = builder.build(codec);
        RecordBatchHeader header = RecordBatchHeader.read(bytes, 0);
        stamp(bytes, header, base, control);
        log.batches.add(new Batch(base, base + records, bytes));
        log.endOffset = base + records;
        List.copyOf(links).forEach(Link::pump);
    }

    private static void stamp(
            ByteBuffer bytes, RecordBatchHeader header, long base, boolean control) {
        bytes.putLong(RecordBatchHeader.BASE_OFFSET_POSITION, base);
        if (control) {
            bytes.putShort(
                    RecordBatchHeader.ATTRIBUTES_POSITION, (short) (header.attributes() | 0x20));
            RecordBatchBuilder.stampProducer(bytes, 1, (short) 0, 0);
        }
    }

    /** Retention: offsets below are gone. */
    void truncateBefore(int partition, long offset) {
        Log log = logs[partition];
        log.startOffset = offset;
        log.batches.removeIf(batch -> batch.nextOffset() <= offset);
    }

    void corruptLast(int partition) {
        List<Batch> batches = logs[partition].batches;
        ByteBuffer bytes = batches.get(batches.size() - 1).bytes();
        int last = bytes.limit() - 1;
        bytes.put(last, (byte) (bytes.get(last) ^ 1));
    }

    // ---- metadata

    private ClusterSnapshot snapshot() {
        List<PartitionLeader> now = new ArrayList<>();
        for (int leader : leaders) {
            now.add(leader < 0 ? PartitionLeader.NONE : new PartitionLeader(leader, version));
        }
        return ClusterSnapshot.of(
                "cluster",
                version,
                Map.of(0, address(0), 1, address(1), 2, address(2)),
                topicExists
                        ? List.of(new TopicView(TOPIC, topicId, now, replicaCounts(), 0))
                        : List.of(),
                List.of());
    }

    private List<Integer> replicaCounts() {
        return Collections.nCopies(logs.length, replicaCount);
    }

    /** Each partition has so many, from the next news of the metadata on. */
    void setReplicaCount(int count) {
        replicaCount = count;
        publish();
    }

    /** From now on the node refuses each subscription so; null: it serves again. */
    void refuseAt(int node, @Nullable ErrorCode code) {
        if (code == null) {
            refusing.remove(node);
        } else {
            refusing.put(node, code);
        }
    }

    static NodeAddress address(int node) {
        return new NodeAddress("node" + node, 9092);
    }

    @Override
    public Subscription watch(
            NodeAddress node, Set<String> topics, MetadataFeed.Listener listener) {
        watchers.add(listener);
        later(() -> listener.onSnapshot(snapshot()));
        return () -> watchers.remove(listener);
    }

    void moveLeader(int partition, int to) {
        leaders[partition] = to;
        publish();
    }

    void deleteTopic() {
        topicExists = false;
        publish();
    }

    private void publish() {
        version++;
        ClusterSnapshot now = snapshot();
        List.copyOf(watchers)
                .forEach(
                        each ->
                                later(
                                        () -> {
                                            if (watchers.contains(each)) {
                                                each.onSnapshot(now);
                                            }
                                        }));
    }

    @Override
    public CompletableFuture<Map<TopicPartition, Long>> find(List<OffsetQuery> queries) {
        CompletableFuture<Map<TopicPartition, Long>> result = new CompletableFuture<>();
        later(
                () -> {
                    Map<TopicPartition, Long> found = new HashMap<>();
                    for (OffsetQuery query : queries) {
                        Log log = logs[query.partition().partition()];
                        boolean earliest = query.kind() == OffsetQuery.Kind.EARLIEST;
                        found.put(query.partition(), earliest ? log.startOffset : log.endOffset);
                    }
                    result.complete(found);
                });
        return result;
    }

    private void later(Runnable task) {
        loop.schedule(Duration.ofMillis(random.nextInt(6)), task);
    }

    // ---- streams

    @Override
    public FetchLink open(NodeAddress node, FetchLink.Listener listener) {
        Link link = new Link(Integer.parseInt(node.host().substring(4)), listener);
        later(link::connect);
        return link;
    }

    void breakAll() {
        List.copyOf(links).forEach(Link::breakNow);
    }

    private static final class Reader {
        private final int id;
        private final int partition;
        private long offset;

        Reader(int id, int partition, long offset) {
            this.id = id;
            this.partition = partition;
            this.offset = offset;
        }
    }

    private final class Link implements FetchLink {

        private final int node;
        private final FetchLink.Listener listener;
        private final List<Reader> subscriptions = new ArrayList<>();
        private long credit;
        private boolean ready;
        private boolean over;

        /** Deliveries of a stream keep their order: none comes before the one sent before it. */
        private long dueNanos = clock.nanoTime();

        Link(int node, FetchLink.Listener listener) {
            this.node = node;
            this.listener = listener;
        }

        private void connect() {
            if (over) {
                return;
            }
            if (random.nextInt(1000) < faultsPerMille) {
                over = true;
                listener.onClosed(false, lost());
                return;
            }
            ready = true;
            links.add(this);
            listener.onReady();
        }

        private RejectedException lost() {
            return new RejectedException(ErrorCode.UNREACHABLE, "connection lost");
        }

        private void breakNow() {
            if (!over) {
                over = true;
                links.remove(this);
                listener.onClosed(ready, lost());
            }
        }

        @Override
        public void subscribe(
                int subscriptionId, TopicPartition partition, UUID topic, long offset) {
            if (!ready || over) {
                throw new IllegalStateException("subscribed when not ready");
            }
            Log log = logs[partition.partition()];
            if (!topicExists || !topic.equals(topicId)) {
                refuse(subscriptionId, ErrorCode.TOPIC_NOT_FOUND);
            } else if (leaders[partition.partition()] != node) {
                refuse(subscriptionId, ErrorCode.NOT_LEADER);
            } else if (refusing.containsKey(node)) {
                refuse(subscriptionId, refusing.get(node));
            } else if (random.nextInt(1000) < faultsPerMille) {
                refuse(subscriptionId, ErrorCode.OFFSET_NOT_AVAILABLE);
            } else if (offset < log.startOffset || offset > log.endOffset) {
                refuse(subscriptionId, ErrorCode.OFFSET_OUT_OF_RANGE);
            } else {
                subscriptions.add(new Reader(subscriptionId, partition.partition(), offset));
                pump();
            }
        }

        private void refuse(int subscriptionId, ErrorCode code) {
            inOrder(
                    () ->
                            listener.onRefused(
                                    subscriptionId, new RejectedException(code, code.name())));
        }

        @Override
        public void unsubscribe(int subscriptionId) {
            subscriptions.removeIf(each -> each.id == subscriptionId);
        }

        @Override
        public void grant(long bytes) {
            credit += bytes;
            grantedBytes += bytes;
            pump();
        }

        @Override
        public void close() {
            over = true;
            links.remove(this);
        }

        private void inOrder(Runnable task) {
            long nowNanos = clock.nanoTime();
            dueNanos = Math.max(dueNanos, nowNanos + random.nextInt(4) * 1_000_000L);
            loop.schedule(
                    Duration.ofNanos(dueNanos - nowNanos),
                    () -> {
                        if (!over) {
                            task.run();
                        }
                    });
        }

        /** Sends what the credit allows; a node that does not lead any more says so. */
        private void pump() {
            if (over) {
                return;
            }
            for (Reader each : List.copyOf(subscriptions)) {
                if (leaders[each.partition] != node) {
                    subscriptions.remove(each);
                    refuse(each.id, ErrorCode.NOT_LEADER);
                    continue;
                }
                while (credit > 0 && sendTo(each)) {
                    overdrawnBytesMax = Math.max(overdrawnBytesMax, -credit);
                }
            }
            if (random.nextInt(1000) < faultsPerMille) {
                loop.schedule(Duration.ofMillis(1), this::breakNow);
            }
        }

        private boolean sendTo(Reader each) {
            ByteBuffer data = ByteBuffer.allocate(1 << 13);
            long next = each.offset;
            int count = 1 + random.nextInt(3);
            for (Batch batch : logs[each.partition].batches) {
                if (batch.nextOffset() > next && count-- > 0) {
                    data.put(batch.bytes().duplicate());
                    next = batch.nextOffset();
                }
            }
            if (next == each.offset) {
                return false;
            }
            each.offset = next;
            data.flip();
            credit -= data.remaining();
            long nextOffset = next;
            inOrder(() -> listener.onFetched(new Fetched(each.id, nextOffset, data)));
            return true;
        }
    }
}
