package io.kq.client.fetch;

import io.kq.client.metadata.ClusterListener;
import io.kq.client.metadata.ClusterSnapshot;
import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.NodeAddress;
import io.kq.client.metadata.NodeRoutes;
import io.kq.client.metadata.OffsetQuery;
import io.kq.client.metadata.PartitionLeader;
import io.kq.client.metadata.TopicView;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each partition subscribed at the node that leads it. A subscription that ends, for whatever
 * reason, is made again from the exact offset after the last data that was handed on. On the loop.
 */
final class Fetcher implements ClusterListener {

    private static final Duration PAUSE_MIN = Duration.ofMillis(20);
    private static final Duration PAUSE_MAX = Duration.ofMillis(500);

    /** A subscription that was not refused for this long after others were is a good one. */
    private static final Duration CALM = Duration.ofSeconds(1);

    /** A node is granted at least this, or large batches would crawl. */
    private static final long WINDOW_MIN = 64 * 1024;

    private final EventLoop loop;
    private final FetchSettings settings;
    private final ClusterView view;
    private final NodeRoutes routes;
    private final FetchLinks links;
    private final OffsetLookup offsets;
    private final FetchBuffer buffer;
    private final Stalls stalls;
    private final NodeOwner owner = new NodeOwner();

    private final Map<TopicPartition, PartitionFetch> partitions = new LinkedHashMap<>();
    private final Map<NodeAddress, FetchNode> nodes = new HashMap<>();
    private int subscriptionIds = 1;
    private boolean closed;

    /**
     * The ports through which a consumer reaches the cluster.
     *
     * @param routes over the same view
     */
    record Ports(ClusterView view, NodeRoutes routes, FetchLinks links, OffsetLookup offsets) {}

    Fetcher(
            EventLoop loop,
            FetchSettings settings,
            Ports ports,
            FetchBuffer buffer,
            Stalls stalls) {
        this.loop = loop;
        this.settings = settings;
        this.view = ports.view();
        this.routes = ports.routes();
        this.links = ports.links();
        this.offsets = ports.offsets();
        this.buffer = buffer;
        this.stalls = stalls;
    }

    // ---- what to read

    /** Reads a partition from an offset; replaces how it was read before. */
    void start(TopicPartition partition, long generation, long offset) {
        stop(partition);
        if (closed) {
            return;
        }
        TopicView topic = view.snapshot().topic(partition.topic());
        if (topic == null) {
            buffer.add(new FetchItem.Failure(partition, generation, deleted(partition)));
            return;
        }
        PartitionFetch fetch = new PartitionFetch(partition, topic.topicId(), generation, offset);
        partitions.put(partition, fetch);
        place(fetch);
    }

    /** Reads a partition no more. */
    void stop(TopicPartition partition) {
        PartitionFetch fetch = partitions.remove(partition);
        if (fetch != null) {
            stalls.end(partition);
            leave(fetch);
        }
    }

    private boolean isCurrent(PartitionFetch fetch) {
        return !closed && partitions.get(fetch.partition()) == fetch;
    }

    // ---- where to read

    /** Subscribes at the leader, if there is one and it can be reached; else later. */
    private void place(PartitionFetch fetch) {
        PartitionLeader leader = view.snapshot().leader(fetch.partition());
        if (!leader.isKnown()) {
            stalls.failed(fetch.partition(), noLeader(fetch.partition()));
            return;
        }
        fetch.leaderIs(leader);
        NodeAddress address = routes.to(leader.nodeId());
        if (address == null) {
            placeLater(fetch);
            return;
        }
        FetchNode node = nodes.get(address);
        if (node == null) {
            node = new FetchNode(address, owner);
            nodes.put(address, node);
            node.open(links);
            shareCredit();
        }
        if (node.isReady()) {
            int id = subscriptionIds++;
            fetch.at(node, id);
            node.subscribe(fetch, id);
            if (stalls.has(fetch.partition())) {
                loop.schedule(CALM, () -> endStall(fetch, id));
            }
        } else {
            fetch.at(node, PartitionFetch.UNSUBSCRIBED);
        }
    }

    private void endStall(PartitionFetch fetch, int subscriptionId) {
        if (isCurrent(fetch) && fetch.subscriptionId() == subscriptionId) {
            stalls.end(fetch.partition());
        }
    }

    private static RejectedException noLeader(TopicPartition partition) {
        return new RejectedException(ErrorCode.NO_LEADER, "No broker leads " + partition + " now.");
    }

    private static RejectedException unreachable(NodeAddress address, RejectedException why) {
        return new RejectedException(why.code(), address + ": " + why.getMessage());
    }

    private void placeLater(PartitionFetch fetch) {
        long nanos = PAUSE_MIN.toNanos() << Math.min(fetch.failed(), 5);
        Duration pause = Duration.ofNanos(Math.min(nanos, PAUSE_MAX.toNanos()));
        loop.schedule(
                pause,
                () -> {
                    if (isCurrent(fetch) && fetch.node() == null) {
                        place(fetch);
                    }
                });
    }

    private void leave(PartitionFetch fetch) {
        FetchNode node = fetch.node();
        if (node != null && fetch.isSubscribed()) {
            node.unsubscribe(fetch.subscriptionId());
        }
        fetch.nowhere();
        if (node != null && node.isUnused()) {
            loop.submit(() -> closeIfUnused(node));
        }
    }

    /** Only once the turn is over: a seek leaves and comes back within one. */
    private void closeIfUnused(FetchNode node) {
        boolean awaited = partitions.values().stream().anyMatch(fetch -> fetch.node() == node);
        if (node.isUnused() && !awaited && nodes.remove(node.address(), node)) {
            node.close();
            shareCredit();
        }
    }

    private void shareCredit() {
        long share = settings.prefetchBytesMax() / Math.max(1, nodes.size());
        nodes.values().forEach(node -> node.setWindow(Math.max(WINDOW_MIN, share)));
    }

    @Override
    public void onCluster(ClusterSnapshot snapshot) {
        for (PartitionFetch fetch : List.copyOf(partitions.values())) {
            TopicView topic = snapshot.topic(fetch.partition().topic());
            if (topic == null || !topic.topicId().equals(fetch.topicId())) {
                fail(fetch, deleted(fetch.partition()));
                continue;
            }
            PartitionLeader leader = snapshot.leader(fetch.partition());
            if (!leader.isKnown()) {
                stalls.failed(fetch.partition(), noLeader(fetch.partition()));
            } else if (fetch.node() == null || !leader.equals(fetch.leader())) {
                leave(fetch);
                place(fetch);
            }
        }
    }

    // ---- what comes

    private void fail(PartitionFetch fetch, RejectedException why) {
        partitions.remove(fetch.partition());
        stalls.end(fetch.partition());
        leave(fetch);
        buffer.add(new FetchItem.Failure(fetch.partition(), fetch.generation(), why));
    }

    private static RejectedException deleted(TopicPartition partition) {
        return new RejectedException(
                ErrorCode.TOPIC_NOT_FOUND, "Topic '" + partition.topic() + "' does not exist.");
    }

    private void refused(PartitionFetch fetch, RejectedException why) {
        fetch.nowhere();
        if (!isCurrent(fetch)) {
            return;
        }
        switch (why.code()) {
            case STORAGE_FAULT -> fault(fetch, why);
            case OFFSET_OUT_OF_RANGE -> reset(fetch, why);
            case TOPIC_NOT_FOUND, PARTITION_NOT_FOUND -> notThere(fetch, why);
            default -> {
                if (why.code().isRetriable()) {
                    stalls.failed(fetch.partition(), why);
                    placeLater(fetch);
                } else {
                    fail(fetch, why);
                }
            }
        }
    }

    /**
     * The leader has the partition on a broken disk, or its data are damaged. That does not pass by
     * itself: only another replica may come to lead. Where there is none, or none came in time,
     * whoever reads is told.
     */
    private void fault(PartitionFetch fetch, RejectedException why) {
        TopicPartition partition = fetch.partition();
        stalls.failed(partition, why);
        boolean inVain = stalls.lasts(partition).compareTo(settings.faultMax()) >= 0;
        if (inVain || view.snapshot().replicaCount(partition) == 1) {
            fail(fetch, why);
        } else {
            placeLater(fetch);
        }
    }

    /** The node may be behind; the view is told when the topic is really gone. */
    private void notThere(PartitionFetch fetch, RejectedException why) {
        TopicView topic = view.snapshot().topic(fetch.partition().topic());
        if (topic != null
                && topic.topicId().equals(fetch.topicId())
                && fetch.partition().partition() < topic.partitionCount()) {
            stalls.failed(fetch.partition(), why);
            placeLater(fetch);
        } else {
            fail(fetch, why);
        }
    }

    private void reset(PartitionFetch fetch, RejectedException why) {
        if (settings.reset() == FetchSettings.Reset.NONE) {
            fail(fetch, why);
            return;
        }
        OffsetQuery.Kind kind =
                settings.reset() == FetchSettings.Reset.EARLIEST
                        ? OffsetQuery.Kind.EARLIEST
                        : OffsetQuery.Kind.LATEST;
        var unused =
                offsets.find(List.of(new OffsetQuery(fetch.partition(), kind, 0)))
                        .whenComplete(
                                (found, failure) -> loop.submit(() -> jump(fetch, found, failure)));
    }

    private void jump(
            PartitionFetch fetch,
            @Nullable Map<TopicPartition, Long> found,
            @Nullable Throwable failure) {
        if (!isCurrent(fetch)) {
            return;
        }
        Long offset = found == null ? null : found.get(fetch.partition());
        if (offset != null) {
            fetch.moveTo(offset);
            buffer.add(new FetchItem.Jump(fetch.partition(), fetch.generation(), offset));
            place(fetch);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RejectedException rejected && !rejected.code().isRetriable()) {
            fail(fetch, rejected);
        } else {
            if (cause instanceof RejectedException rejected) {
                stalls.failed(fetch.partition(), rejected);
            }
            placeLater(fetch);
        }
    }

    /** Ends all streams. */
    void close() {
        closed = true;
        partitions.clear();
        stalls.clear();
        nodes.values().forEach(FetchNode::close);
        nodes.clear();
    }

    /** What nodes tell the fetcher. */
    private final class NodeOwner implements FetchNode.Owner {

        @Override
        public void ready(FetchNode node) {
            routes.connected(node.address());
            node.grantAgain();
            for (PartitionFetch fetch : List.copyOf(partitions.values())) {
                if (fetch.node() == node && !fetch.isSubscribed()) {
                    place(fetch);
                }
            }
        }

        @Override
        public void fetched(FetchNode node, PartitionFetch fetch, FetchLink.Fetched fetched) {
            int size = fetched.data().remaining();
            if (!isCurrent(fetch) || (size == 0 && fetched.nextOffset() <= fetch.nextOffset())) {
                node.giveBack(size);
                return;
            }
            fetch.moveTo(Math.max(fetch.nextOffset(), fetched.nextOffset()));
            stalls.end(fetch.partition());
            buffer.add(
                    new FetchItem.Batches(
                            fetch.partition(),
                            fetch.generation(),
                            fetched.data(),
                            size,
                            fetched.nextOffset(),
                            node));
        }

        @Override
        public void refused(PartitionFetch partition, RejectedException why) {
            Fetcher.this.refused(partition, why);
        }

        @Override
        public void closed(FetchNode node, boolean usable, RejectedException why) {
            nodes.remove(node.address(), node);
            if (!usable) {
                routes.failed(node.address());
            }
            shareCredit();
            for (PartitionFetch fetch : List.copyOf(partitions.values())) {
                if (fetch.node() == node) {
                    stalls.failed(fetch.partition(), unreachable(node.address(), why));
                    fetch.nowhere();
                    place(fetch);
                }
            }
        }

        @Override
        public void grantLater(FetchNode node) {
            loop.submit(node::grantAgain);
        }
    }
}
