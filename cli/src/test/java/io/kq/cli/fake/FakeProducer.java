package io.kq.cli.fake;

import io.kq.client.KqProducer;
import io.kq.client.ProducerRecord;
import io.kq.client.RecordMetadata;
import io.kq.client.Stall;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The producer of a {@link FakeCluster}: acknowledges at once. */
final class FakeProducer implements KqProducer {

    private final FakeCluster cluster;
    private int next;

    FakeProducer(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public CompletableFuture<RecordMetadata> send(ProducerRecord record) {
        try {
            int count = partitionCount(record.topic());
            int partition = record.partition();
            if (partition < 0) {
                byte[] key = record.key();
                partition = Math.floorMod(key == null ? next++ : Arrays.hashCode(key), count);
            }
            TopicPartition target = new TopicPartition(record.topic(), partition);
            long offset = cluster.append(target, record);
            return CompletableFuture.completedFuture(
                    new RecordMetadata(record.topic(), partition, offset, FakeCluster.NOW_MILLIS));
        } catch (RejectedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void flush() {}

    @Override
    public Map<TopicPartition, Stall> stalls() {
        return Map.of();
    }

    @Override
    public int partitionCount(String topic) {
        return cluster.topic(topic).partitions().size();
    }

    @Override
    public void close() {}
}
