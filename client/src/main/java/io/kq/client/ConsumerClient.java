package io.kq.client;

import io.kq.client.fetch.FetchSettings;
import io.kq.client.fetch.RecordPoller;
import io.kq.client.metadata.TopicView;
import io.kq.client.rpc.FetchStreams;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.RecordReader;
import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The consumer: {@link RecordPoller} with this machine's clock, sockets and threads. */
final class ConsumerClient implements KqConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(ConsumerClient.class);

    private final ClusterAccess cluster;
    private final RecordPoller poller;
    private final AtomicBoolean closed = new AtomicBoolean();

    ConsumerClient(ClientConfig client, ConsumerConfig config) {
        FetchSettings settings =
                new FetchSettings(
                        config.partitionBytesMax(),
                        config.prefetchBytesMax(),
                        switch (config.reset()) {
                            case EARLIEST -> FetchSettings.Reset.EARLIEST;
                            case LATEST -> FetchSettings.Reset.LATEST;
                            case NONE -> FetchSettings.Reset.NONE;
                        },
                        client.requestTimeout());
        cluster = new ClusterAccess("kq-consumer", client, this::onBug);
        poller =
                new RecordPoller(
                        cluster.loop(),
                        Clock.system(),
                        settings,
                        new RecordPoller.Ports(
                                cluster.view(),
                                cluster.routes(),
                                new FetchStreams(
                                        cluster.loop(),
                                        cluster.channels(),
                                        config.partitionBytesMax()),
                                cluster.offsets()));
    }

    private void onBug(String where, Throwable bug) {
        LOG.error("The consumer failed where={}", where, bug);
        poller.fail(
                new RejectedException(
                        ErrorCode.INTERNAL, "the consumer failed: " + bug, false, Map.of()));
    }

    ClusterAccess cluster() {
        return cluster;
    }

    /** Has the topic followed, if there is one: it will be wanted soon. Does not wait. */
    void follow(String topic) {
        var unused = cluster.view().topic(topic, cluster.searchMax());
    }

    /** Reads these partitions too; all others go on. */
    void add(Map<TopicPartition, Position> positions) {
        checkExist(positions.keySet());
        poller.add(Waits.await(StartOffsets.resolveToRead(positions, cluster.offsets())));
    }

    /** Reads these partitions no more; all others go on. */
    void remove(Set<TopicPartition> partitions) {
        poller.remove(partitions);
    }

    @Override
    public void assign(Map<TopicPartition, Position> positions) {
        checkExist(positions.keySet());
        poller.assign(Waits.await(StartOffsets.resolveToRead(positions, cluster.offsets())));
    }

    /** Finds the topics all at once, and so has them followed. */
    private void checkExist(Set<TopicPartition> partitions) {
        Map<String, CompletableFuture<TopicView>> topics = new HashMap<>();
        for (TopicPartition partition : partitions) {
            topics.computeIfAbsent(
                    partition.topic(), name -> cluster.view().topic(name, cluster.searchMax()));
        }
        for (TopicPartition partition : new TreeSet<>(partitions)) {
            CompletableFuture<TopicView> found = topics.get(partition.topic());
            int count = found == null ? 0 : Waits.await(found).partitionCount();
            if (partition.partition() >= count) {
                throw new RejectedException(
                        ErrorCode.PARTITION_NOT_FOUND,
                        "Topic '"
                                + partition.topic()
                                + "' has no partition "
                                + partition.partition()
                                + "; it has "
                                + count
                                + ".");
            }
        }
    }

    @Override
    public List<TopicPartition> partitionsOf(String topic) {
        TopicView found = Waits.await(cluster.view().topic(topic, cluster.searchMax()));
        List<TopicPartition> partitions = new ArrayList<>();
        for (int i = 0; i < found.partitionCount(); i++) {
            partitions.add(new TopicPartition(topic, i));
        }
        return partitions;
    }

    @Override
    public void seek(TopicPartition partition, Position position) {
        Map<TopicPartition, Long> offsets =
                Waits.await(
                        StartOffsets.resolveToRead(Map.of(partition, position), cluster.offsets()));
        offsets.forEach(poller::seek);
    }

    @Override
    public void pause(Set<TopicPartition> partitions) {
        poller.pause(partitions);
    }

    @Override
    public void resume(Set<TopicPartition> partitions) {
        poller.resume(partitions);
    }

    @Override
    public long position(TopicPartition partition) {
        return poller.position(partition);
    }

    @Override
    public Map<TopicPartition, Stall> stalls() {
        Map<TopicPartition, Stall> stalls = new TreeMap<>();
        poller.stalls((partition, why, lasts) -> stalls.put(partition, new Stall(why, lasts)));
        return stalls;
    }

    @Override
    public Map<TopicPartition, Range> offsets(Set<TopicPartition> partitions) {
        Map<TopicPartition, Position> first = new HashMap<>();
        Map<TopicPartition, Position> last = new HashMap<>();
        for (TopicPartition partition : partitions) {
            first.put(partition, Position.EARLIEST);
            last.put(partition, Position.LATEST);
        }
        CompletableFuture<Map<TopicPartition, Long>> starts =
                StartOffsets.resolve(first, cluster.offsets());
        Map<TopicPartition, Long> ends = Waits.await(StartOffsets.resolve(last, cluster.offsets()));
        Map<TopicPartition, Range> ranges = new HashMap<>();
        Waits.await(starts)
                .forEach(
                        (partition, start) -> {
                            long end = ends.getOrDefault(partition, start);
                            ranges.put(partition, new Range(start, Math.max(start, end)));
                        });
        return ranges;
    }

    @Override
    public List<ConsumerRecord> poll(Duration timeout) {
        List<ConsumerRecord> records = new ArrayList<>();
        poller.poll(
                Waits.bounded("timeout", timeout),
                (partition, record) -> records.add(copy(partition, record)));
        return records;
    }

    private static ConsumerRecord copy(TopicPartition partition, RecordReader record) {
        return new ConsumerRecord(
                partition.topic(),
                partition.partition(),
                record.offset(),
                record.timestampMillis(),
                record.header().hasLogAppendTime(),
                record.key(),
                record.value(),
                headers(record));
    }

    private static List<RecordHeader> headers(RecordReader record) {
        if (record.headerCount() == 0) {
            return List.of();
        }
        List<RecordHeader> headers = new ArrayList<>(record.headerCount());
        for (BatchRecord.Header header : record.headers()) {
            headers.add(new RecordHeader(header.key(), header.value()));
        }
        return headers;
    }

    @Override
    public void wakeup() {
        poller.wakeup();
    }

    @Override
    public void close() {
        close(() -> {});
    }

    /** Also ends what shares the loop. */
    void close(Runnable last) {
        if (closed.compareAndSet(false, true)) {
            cluster.close(
                    () -> {
                        last.run();
                        poller.close();
                    });
        }
    }
}
