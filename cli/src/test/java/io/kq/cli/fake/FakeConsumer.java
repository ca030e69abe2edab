package io.kq.cli.fake;

import io.kq.client.ConsumerRecord;
import io.kq.client.KqConsumer;
import io.kq.client.Stall;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** The consumer of a {@link FakeCluster}: gives what is there; waits only for a wake-up. */
final class FakeConsumer implements KqConsumer {

    private final FakeCluster cluster;
    private final Map<TopicPartition, Long> positions = new TreeMap<>();
    private final CountDownLatch woken = new CountDownLatch(1);

    FakeConsumer(FakeCluster cluster) {
        this.cluster = cluster;
    }

    @Override
    public void assign(Map<TopicPartition, Position> assigned) {
        positions.clear();
        assigned.forEach(this::seek);
    }

    @Override
    public List<TopicPartition> partitionsOf(String topic) {
        return IntStream.range(0, cluster.topic(topic).partitions().size())
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList();
    }

    @Override
    public void seek(TopicPartition partition, Position position) {
        List<ConsumerRecord> log = cluster.log(partition.topic(), partition.partition());
        long offset =
                switch (position.kind()) {
                    case EARLIEST -> 0;
                    case LATEST -> log.size();
                    case OFFSET -> position.value();
                    case TIMESTAMP ->
                            log.stream()
                                    .filter(r -> r.timestampMillis() >= position.value())
                                    .mapToLong(ConsumerRecord::offset)
                                    .findFirst()
                                    .orElse(log.size());
                };
        positions.put(partition, offset);
    }

    @Override
    public void pause(Set<TopicPartition> partitions) {}

    @Override
    public void resume(Set<TopicPartition> partitions) {}

    @Override
    public long position(TopicPartition partition) {
        return positions.getOrDefault(partition, -1L);
    }

    @Override
    public Map<TopicPartition, Stall> stalls() {
        return cluster.stalls();
    }

    @Override
    public Map<TopicPartition, Range> offsets(Set<TopicPartition> partitions) {
        Map<TopicPartition, Range> ranges = new HashMap<>();
        for (TopicPartition p : partitions) {
            ranges.put(p, new Range(0, cluster.log(p.topic(), p.partition()).size()));
        }
        return ranges;
    }

    @Override
    public List<ConsumerRecord> poll(Duration timeout) {
        cluster.onPoll();
        List<ConsumerRecord> records = new ArrayList<>();
        for (Map.Entry<TopicPartition, Long> position : positions.entrySet()) {
            TopicPartition partition = position.getKey();
            if (cluster.stalls().containsKey(partition)) {
                continue;
            }
            List<ConsumerRecord> log = cluster.log(partition.topic(), partition.partition());
            long from = Math.min(position.getValue(), log.size());
            records.addAll(log.subList((int) from, log.size()));
            position.setValue((long) log.size());
        }
        if (records.isEmpty() && !timeout.isZero()) {
            awaitWakeup(timeout);
        }
        return records;
    }

    private void awaitWakeup(Duration timeout) {
        try {
            boolean ignored = woken.await(Math.min(timeout.toMillis(), 5), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void wakeup() {
        woken.countDown();
    }

    @Override
    public void close() {}
}
