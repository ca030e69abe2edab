package io.kq.client;

import io.kq.client.batch.Accumulator;
import io.kq.client.batch.AckMode;
import io.kq.client.batch.ProducerSettings;
import io.kq.client.batch.SendCallback;
import io.kq.client.rpc.ProduceStreams;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.record.CompressionCodec;
import io.kq.runtime.Clock;
import io.kq.runtime.RandomSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer: {@link Accumulator} with this machine's clock, sockets and threads. */
final class ProducerClient implements KqProducer {

    private static final Logger LOG = LoggerFactory.getLogger(ProducerClient.class);

    /** A leader that moves and a node that is started again are not worth a word. */
    private static final Duration STALLED_AFTER = Duration.ofSeconds(2);

    private final Clock clock = Clock.system();
    private final ClusterAccess cluster;
    private final Accumulator accumulator;
    private final AtomicBoolean closed = new AtomicBoolean();

    ProducerClient(ClientConfig client, ProducerConfig config) {
        ProducerSettings settings = settings(client, config);
        cluster = new ClusterAccess("kq-producer", client, this::onBug);
        accumulator =
                new Accumulator(
                        cluster.loop(),
                        clock,
                        RandomSource.secure(),
                        settings,
                        new Accumulator.Ports(
                                cluster.view(),
                                cluster.routes(),
                                new ProduceStreams(
                                        cluster.loop(),
                                        cluster.channels(),
                                        settings.acks(),
                                        settings.requestTimeout()),
                                cluster.calls()));
    }

    private static ProducerSettings settings(ClientConfig client, ProducerConfig config) {
        return new ProducerSettings(
                switch (config.acks()) {
                    case NONE -> AckMode.NONE;
                    case LEADER -> AckMode.LEADER;
                    case ALL -> AckMode.ALL;
                },
                config.idempotent(),
                config.linger(),
                config.batchBytesMax(),
                config.bufferBytesMax(),
                config.blockMax(),
                config.deliveryTimeout(),
                client.requestTimeout(),
                switch (config.compression()) {
                    case NONE -> CompressionCodec.NONE;
                    case GZIP -> CompressionCodec.GZIP;
                    case SNAPPY -> CompressionCodec.SNAPPY;
                    case LZ4 -> CompressionCodec.LZ4;
                    case ZSTD -> CompressionCodec.ZSTD;
                });
    }

    /** After a bug nothing is known of what was sent: nobody is left waiting. */
    private void onBug(String where, Throwable bug) {
        LOG.error("The producer failed and is closed where={}", where, bug);
        accumulator.abandon(
                new RejectedException(
                        ErrorCode.INTERNAL, "the producer failed: " + bug, false, Map.of()));
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord record) {
        long timestampMillis =
                record.timestampMillis() >= 0 ? record.timestampMillis() : clock.epochMillis();
        PendingSend pending = new PendingSend(record.topic(), timestampMillis);
        accumulator.send(
                record.topic(),
                record.partition(),
                timestampMillis,
                record.key(),
                record.value(),
                headers(record.headers()),
                pending);
        return pending;
    }

    private static List<BatchRecord.Header> headers(List<RecordHeader> headers) {
        if (headers.isEmpty()) {
            return List.of();
        }
        List<BatchRecord.Header> mapped = new ArrayList<>(headers.size());
        for (RecordHeader header : headers) {
            mapped.add(new BatchRecord.Header(header.key(), header.value()));
        }
        return mapped;
    }

    @Override
    public void flush() {
        if (cluster.loop().isCurrent()) {
            throw new IllegalStateException("flush() would wait for the thread that calls it");
        }
        if (!closed.get()) {
            accumulator.flush().join();
        }
    }

    @Override
    public Map<TopicPartition, Stall> stalls() {
        if (cluster.loop().isCurrent()) {
            throw new IllegalStateException("stalls() would wait for the thread that calls it");
        }
        Map<TopicPartition, Stall> stalls = new ConcurrentSkipListMap<>();
        if (!closed.get()) {
            accumulator
                    .stalls(
                            STALLED_AFTER,
                            (partition, why, lasts) -> stalls.put(partition, new Stall(why, lasts)))
                    .join();
        }
        return stalls;
    }

    @Override
    public int partitionCount(String topic) {
        return Waits.await(accumulator.partitionCount(topic, cluster.searchMax()));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        accumulator.close();
        if (!cluster.loop().isCurrent()) {
            accumulator.flush().join();
        }
        cluster.close(
                () ->
                        accumulator.abandon(
                                new RejectedException(
                                        ErrorCode.NOT_READY, "The producer was closed.")));
    }

    /** A send that is not done: the caller's future, and all that the producer keeps per record. */
    private static final class PendingSend extends CompletableFuture<RecordMetadata>
            implements SendCallback {

        private final String topic;
        private final long timestampMillis;

        PendingSend(String topic, long timestampMillis) {
            this.topic = topic;
            this.timestampMillis = timestampMillis;
        }

        @Override
        public void onAcknowledged(int partition, long offset) {
            boolean unused =
                    complete(new RecordMetadata(topic, partition, offset, timestampMillis));
        }

        @Override
        public void onFailed(RejectedException why) {
            boolean unused = completeExceptionally(why);
        }
    }
}
