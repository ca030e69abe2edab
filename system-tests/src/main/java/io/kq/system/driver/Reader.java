package io.kq.system.driver;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqConsumer;
import io.kq.client.KqConsumer.Position;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.system.history.Event;
import io.kq.system.history.HistoryWriter;
import io.kq.system.history.WrittenValue;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A consumer of all partitions that writes down what it is given. One thread. */
final class Reader implements AutoCloseable {

    private static final Duration WAIT = Duration.ofMillis(100);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final String name;
    private final Plan plan;
    private final HistoryWriter history;
    private final KqConsumer consumer;

    /** By partition: the offset that is asked for next. */
    private final Map<Integer, Long> nexts = new HashMap<>();

    Reader(String name, Plan plan, HistoryWriter history) {
        this.name = name;
        this.plan = plan;
        this.history = history;
        consumer =
                KqConsumer.open(
                        new ClientConfig(plan.bootstrap(), name, Duration.ofSeconds(10)),
                        ConsumerConfig.defaults());
    }

    /** Goes to the first offsets of all partitions. False: nobody can say which those are. */
    boolean begin() {
        Map<TopicPartition, Position> positions = new HashMap<>();
        for (int partition = 0; partition < plan.partitions(); partition++) {
            positions.put(new TopicPartition(plan.topic(), partition), Position.EARLIEST);
        }
        try {
            consumer.assign(positions);
        } catch (RejectedException e) {
            return false;
        }
        for (TopicPartition partition : positions.keySet()) {
            stand(partition.partition(), consumer.position(partition));
        }
        return true;
    }

    private void stand(int partition, long offset) {
        nexts.put(partition, offset);
        history.write(t -> new Event.Positioned(t, name, partition, offset));
    }

    /** Follows what is written, until it is told to stop. */
    void follow(BooleanSupplier stopped) {
        while (!stopped.getAsBoolean() && !begin()) {
            pause();
        }
        while (!stopped.getAsBoolean()) {
            poll();
        }
    }

    /** Reads from the beginning to what is the end then, again and again. */
    void again(BooleanSupplier stopped) {
        while (!stopped.getAsBoolean()) {
            if (begin()) {
                readToTheEnd(stopped);
            }
            for (int i = 0; i < 10 && !stopped.getAsBoolean(); i++) {
                pause();
            }
        }
    }

    private void readToTheEnd(BooleanSupplier stopped) {
        int count = 1;
        while (count > 0 && !stopped.getAsBoolean()) {
            count = poll();
        }
    }

    /** Reads from the beginning up to these offsets. False: it did not get there in time. */
    boolean upTo(Map<Integer, Long> ends, Duration bound) {
        if (!Progress.await(bound, this::begin)) {
            return false;
        }
        return Progress.await(
                bound,
                () -> {
                    poll();
                    return ends.entrySet().stream()
                            .allMatch(
                                    end -> nexts.getOrDefault(end.getKey(), -1L) >= end.getValue());
                });
    }

    private static void pause() {
        Progress.await(PAUSE, () -> false);
    }

    /** Number of records that came. */
    private int poll() {
        List<ConsumerRecord> records;
        try {
            records = consumer.poll(WAIT);
        } catch (RejectedException e) {
            pause();
            tryAgain();
            return 0;
        }
        for (int from = 0; from < records.size(); ) {
            int to = from + 1;
            while (to < records.size() && follows(records.get(to - 1), records.get(to))) {
                to++;
            }
            polled(records.subList(from, to));
            from = to;
        }
        return records.size();
    }

    /** What poll throws for it throws again until the partition is sought. */
    private void tryAgain() {
        nexts.forEach(
                (partition, next) ->
                        consumer.seek(
                                new TopicPartition(plan.topic(), partition),
                                Position.offset(next)));
    }

    private static boolean follows(ConsumerRecord one, ConsumerRecord other) {
        return one.partition() == other.partition() && one.offset() + 1 == other.offset();
    }

    private void polled(List<ConsumerRecord> run) {
        int partition = run.get(0).partition();
        long first = run.get(0).offset();
        long[] values = new long[run.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = WrittenValue.read(run.get(i).value(), partition);
        }
        long position = nexts.getOrDefault(partition, first);
        nexts.put(partition, first + values.length);
        history.write(t -> new Event.Polled(t, name, partition, position, -1, first, values));
    }

    @Override
    public void close() {
        consumer.close();
    }
}
