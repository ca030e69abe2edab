package io.kq.cli.groups;

import io.kq.cli.shell.Session;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqConsumer;
import io.kq.client.KqConsumer.Position;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How long records have been waiting to be read: the age of the first one that is not. */
final class LagTimes {

    private static final Duration BOUND = Duration.ofSeconds(3);

    private LagTimes() {}

    /** Milliseconds by partition; of those that could be asked in time. */
    static Map<TopicPartition, Long> of(Session session, List<GroupLags.Row> rows) {
        Map<TopicPartition, Position> firsts = new HashMap<>();
        Map<TopicPartition, Long> ages = new HashMap<>();
        for (GroupLags.Row row : rows) {
            long lag = row.lag().orElse(-1);
            if (lag == 0) {
                ages.put(row.partition(), 0L);
            } else if (lag > 0) {
                firsts.put(row.partition(), Position.offset(row.current().orElseThrow()));
            }
        }
        if (!firsts.isEmpty()) {
            read(session, firsts, ages);
        }
        return ages;
    }

    private static void read(
            Session session, Map<TopicPartition, Position> firsts, Map<TopicPartition, Long> ages) {
        ConsumerConfig config =
                new ConsumerConfig(4096, 4096L * firsts.size(), ConsumerConfig.Reset.EARLIEST);
        long now = session.terminal().clock().epochMillis();
        long deadline = session.terminal().clock().nanoTime() + BOUND.toNanos();
        try (KqConsumer consumer = session.consumer(config)) {
            consumer.assign(firsts);
            int missing = firsts.size();
            while (missing > 0 && session.terminal().clock().nanoTime() < deadline) {
                for (ConsumerRecord record : consumer.poll(Duration.ofMillis(200))) {
                    TopicPartition partition =
                            new TopicPartition(record.topic(), record.partition());
                    if (!ages.containsKey(partition)) {
                        ages.put(partition, Math.max(0, now - record.timestampMillis()));
                        consumer.pause(Set.of(partition));
                        missing--;
                    }
                }
            }
        } catch (RejectedException e) {
            session.trace("no ages of records: " + e.getMessage());
        }
    }
}
