package io.kq.client.batch;

import io.kq.client.metadata.ClusterListener;
import io.kq.client.metadata.ClusterSnapshot;
import io.kq.client.metadata.ClusterView;
import io.kq.client.metadata.NodeRoutes;
import io.kq.client.metadata.StallVisitor;
import io.kq.client.metadata.TopicView;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.CompressionCodec;
import io.kq.protocol.record.KeyHash;
import io.kq.protocol.record.RecordBatchBuilder;
import io.kq.protocol.record.RecordBatchHeader;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Takes records from any number of threads: finds the partition, keeps to the bound of memory,
 * writes each record straight into the batch it will travel in. The rest is the {@link Sender}'s,
 * which this class owns. Any thread, unless a method says otherwise.
 */
public final class Accumulator implements ClusterListener {

    private final EventLoop loop;
    private final Clock clock;
    private final RandomSource random;
    private final ProducerSettings settings;
    private final ClusterView view;
    private final BufferBudget budget;
    private final BuilderPool pool;
    private final Sender sender;

    /** Written on the loop only. */
    private final Map<String, TopicQueues> topics = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /**
     * The ports through which a producer reaches the cluster.
     *
     * @param routes over the same view
     */
    public record Ports(ClusterView view, NodeRoutes routes, ProduceLinks links, ProducerIds ids) {}

    /** A record up to this size fits every topic that does not say otherwise. */
    private static final long LARGE_BYTES = 1024;

    public Accumulator(
            EventLoop loop,
            Clock clock,
            RandomSource random,
            ProducerSettings settings,
            Ports ports) {
        this.loop = loop;
        this.clock = clock;
        this.random = random;
        this.settings = settings;
        this.view = ports.view();
        this.budget = new BufferBudget(settings.bufferBytesMax());
        this.pool = new BuilderPool(settings.batchBytesMax());
        this.sender =
                new Sender(
                        loop,
                        clock,
                        settings,
                        ports.routes(),
                        ports.links(),
                        ports.ids(),
                        new Sender.Memory(budget, pool));
        view.addListener(this);
    }

    // ---- topics

    /** Number of partitions; fails with TOPIC_NOT_FOUND or UNREACHABLE. */
    public CompletableFuture<Integer> partitionCount(String topic, Duration within) {
        TopicQueues known = topics.get(topic);
        return known != null
                ? CompletableFuture.completedFuture(known.queues().length)
                : find(topic, within).thenApply(found -> found.queues().length);
    }

    private CompletableFuture<TopicQueues> find(String topic, Duration within) {
        CompletableFuture<TopicQueues> result = new CompletableFuture<>();
        var unused =
                view.topic(topic, within)
                        .whenComplete(
                                (found, failure) ->
                                        loop.submit(
                                                () -> {
                                                    if (failure == null) {
                                                        result.complete(takeUp(found));
                                                    } else {
                                                        result.completeExceptionally(failure);
                                                    }
                                                }));
        return result;
    }

    /** On the loop. */
    private TopicQueues takeUp(TopicView topic) {
        TopicQueues before = topics.get(topic.name());
        if (before != null && before.queues().length >= topic.partitionCount()) {
            return before;
        }
        int known = before == null ? 0 : before.queues().length;
        PartitionQueue[] queues = new PartitionQueue[topic.partitionCount()];
        List<PartitionQueue> added = new ArrayList<>();
        for (int i = 0; i < queues.length; i++) {
            if (before != null && i < known) {
                queues[i] = before.queues()[i];
            } else {
                queues[i] = new PartitionQueue(i, batchBytesMax(topic), clock, pool);
                added.add(queues[i]);
            }
        }
        sender.add(topic, added);
        RoundRobin roundRobin =
                before != null
                        ? before.roundRobin()
                        : new RoundRobin(random.nextInt(Math.max(1, queues.length)));
        TopicQueues now = new TopicQueues(topic, queues, roundRobin);
        topics.put(topic.name(), now);
        return now;
    }

    private int batchBytesMax(TopicView topic) {
        int limit = topic.messageBytesMax();
        return limit > 0 ? Math.min(limit, settings.batchBytesMax()) : settings.batchBytesMax();
    }

    /** On the loop: topics that went or grew. */
    @Override
    public void onCluster(ClusterSnapshot snapshot) {
        for (TopicQueues known : List.copyOf(topics.values())) {
            TopicView before = known.topic();
            TopicView now = snapshot.topic(before.name());
            if (now == null || !now.topicId().equals(before.topicId())) {
                topics.remove(before.name());
                sender.remove(
                        before.name(),
                        new RejectedException(
                                ErrorCode.TOPIC_NOT_FOUND,
                                "Topic '" + before.name() + "' was deleted."));
            }
            if (now != null) {
                TopicQueues unused = takeUp(now);
            }
        }
        sender.onCluster(snapshot);
    }

    // ---- records

    /**
     * Takes a record. Waits for a topic that is not known yet, and for room, each at most {@code
     * blockMax}; never on the loop itself.
     *
     * @param partition -1: chosen by key, or round robin
     */
    public void send(
            String topic,
            int partition,
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<BatchRecord.Header> headers,
            SendCallback callback) {
        try {
            TopicQueues queues = topics.get(topic);
            if (queues == null || closed) {
                queues = await(topic);
            }
            long sizeBytes = RecordBatchBuilder.sizeBytesMax(key, value, headers);
            if (sizeBytes > LARGE_BYTES) {
                checkSize(queues, sizeBytes, key, value, headers);
            }
            PartitionQueue queue = queues.queues()[choose(queues, partition, key)];
            if (!budget.tryTake(sizeBytes)) {
                awaitRoom(sizeBytes);
            }
            append(queue, timestampMillis, key, value, headers, callback, sizeBytes);
        } catch (RejectedException refused) {
            callback.onFailed(refused);
        }
    }

    private void append(
            PartitionQueue queue,
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<BatchRecord.Header> headers,
            SendCallback callback,
            long sizeBytes) {
        switch (queue.append(timestampMillis, key, value, headers, callback, sizeBytes)) {
            case QUIETLY -> {}
            case FILLED -> sender.stir();
            case WOKEN -> queue.wake();
            case REFUSED -> {
                budget.release(sizeBytes);
                throw closed
                        ? closedRejection()
                        : new RejectedException(ErrorCode.TOPIC_NOT_FOUND, "Topic was deleted.");
            }
        }
    }

    private int choose(TopicQueues queues, int partition, byte @Nullable [] key) {
        int count = queues.queues().length;
        if (partition >= count || partition < -1) {
            throw new RejectedException(
                    ErrorCode.PARTITION_NOT_FOUND,
                    "Topic '"
                            + queues.topic().name()
                            + "' has no partition "
                            + partition
                            + "; it has "
                            + count
                            + ".");
        }
        if (partition >= 0) {
            return partition;
        }
        return key != null
                ? KeyHash.partition(key, count)
                : queues.roundRobin().next(queues.queues(), budget.usedBytes() == 0);
    }

    private void checkSize(
            TopicQueues queues,
            long sizeBytes,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<BatchRecord.Header> headers) {
        if (sizeBytes > budget.bytesMax()) {
            throw tooLarge(sizeBytes, budget.bytesMax(), "the producer's buffer");
        }
        int topicLimit =
                settings.codec() == CompressionCodec.NONE ? queues.topic().messageBytesMax() : 0;
        long limit = topicLimit > 0 ? topicLimit : ProducerSettings.TRANSPORT_BYTES_MAX;
        limit = Math.min(limit, ProducerSettings.TRANSPORT_BYTES_MAX);
        if (sizeBytes + RecordBatchHeader.SIZE_BYTES <= limit) {
            return;
        }
        if (sizeBytes < 2 * limit) {
            RecordBatchBuilder exact = new RecordBatchBuilder((int) sizeBytes);
            exact.append(0, key, value, headers);
            sizeBytes = exact.sizeBytes();
        }
        if (sizeBytes > limit) {
            throw tooLarge(sizeBytes, limit, "topic '" + queues.topic().name() + "'");
        }
    }

    private static RejectedException tooLarge(long sizeBytes, long limit, String whose) {
        return new RejectedException(
                        ErrorCode.MESSAGE_TOO_LARGE,
                        "The record has "
                                + sizeBytes
                                + " bytes in its batch, more than the "
                                + limit
                                + " of "
                                + whose
                                + ".")
                .with("limit", Long.toString(limit));
    }

    /** Shows each partition with a record that has waited for {@code atLeast}; on the loop. */
    public CompletableFuture<Void> stalls(Duration atLeast, StallVisitor visitor) {
        return sender.stalls(atLeast, visitor);
    }

    // ---- waiting

    private TopicQueues await(String topic) {
        if (closed) {
            throw closedRejection();
        }
        if (loop.isCurrent()) {
            throw new RejectedException(
                    ErrorCode.NOT_READY,
                    "Topic '" + topic + "' is not known yet, and a completion cannot wait for it.");
        }
        CompletableFuture<TopicQueues> found = find(topic, settings.blockMax());
        try {
            return found.get(settings.blockMax().plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RejectedException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw closedRejection();
        }
    }

    private void awaitRoom(long sizeBytes) {
        boolean taken = false;
        if (!loop.isCurrent()) {
            sender.stir();
            try {
                taken = budget.takeWithin(sizeBytes, settings.blockMax().toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted();
            }
        }
        if (!taken) {
            throw closed
                    ? closedRejection()
                    : new RejectedException(
                            ErrorCode.OVERLOADED,
                            "The producer's buffer of " + budget.bytesMax() + " bytes is full.");
        }
    }

    private static RejectedException interrupted() {
        return new RejectedException(ErrorCode.NOT_READY, "The sending thread was interrupted.");
    }

    private static RejectedException closedRejection() {
        return new RejectedException(ErrorCode.NOT_READY, "The producer is closed.");
    }

    // ---- ends

    /** Sends all that was taken so far; completes when each of it is acknowledged or has failed. */
    public CompletableFuture<Void> flush() {
        return sender.flush();
    }

    /** Takes nothing more; {@link #flush} what was taken before {@link #abandon}. */
    public void close() {
        closed = true;
    }

    /** Fails all that is left. On the loop. */
    public void abandon(RejectedException why) {
        closed = true;
        sender.close(why);
        topics.clear();
    }
}
