package io.kq.benchmark.group;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.KqAdmin;
import io.kq.client.KqGroupConsumer;
import io.kq.client.admin.NewTopic;
import io.kq.client.group.GroupConfig;
import io.kq.client.group.GroupOffset;
import io.kq.client.group.Subscription;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Commits of many groups at a steady rate, each timed from when it was to be sent; and topics that
 * are created one after the other, without that and beside it.
 *
 * <p>Arguments: bootstrap servers, topic of one partition, groups, commits a second, seconds.
 */
public final class Commits {

    private final List<KqGroupConsumer> members = new ArrayList<>();
    private final ConcurrentLinkedQueue<Double> latencies = new ConcurrentLinkedQueue<>();
    private final AtomicLong failed = new AtomicLong();

    private Commits() {}

    public static void main(String[] args) throws InterruptedException {
        new Commits()
                .run(
                        args[0],
                        args[1],
                        Integer.parseInt(args[2]),
                        Double.parseDouble(args[3]),
                        Integer.parseInt(args[4]));
    }

    private void run(String bootstrap, String topic, int groups, double perSecond, int seconds)
            throws InterruptedException {
        TopicPartition partition = new TopicPartition(topic, 0);
        for (int i = 0; i < groups; i++) {
            members.add(join(bootstrap, topic, "commits-" + i));
        }
        try (KqAdmin admin = KqAdmin.open(ClientConfig.of(bootstrap))) {
            double[] alone = createTopics(admin, "alone", 60);
            send(partition, perSecond, 3);
            latencies.clear();
            double[][] beside = new double[1][];
            Thread creator =
                    new Thread(() -> beside[0] = createTopics(admin, "beside", 60), "creator");
            creator.start();
            long begun = System.nanoTime();
            long sent = send(partition, perSecond, seconds);
            awaitAnswers(sent);
            double took = (System.nanoTime() - begun) / 1e9;
            creator.join();
            double[] sorted = latencies.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            System.out.printf(
                    Locale.ROOT,
                    "groups %d commits %d failed %d per_second %.0f p50_ms %.1f p99_ms %.1f"
                            + " max_ms %.1f create_topic_p99_ms alone %.1f beside %.1f%n",
                    groups,
                    sent,
                    failed.get(),
                    sorted.length / took,
                    at(sorted, 0.5),
                    at(sorted, 0.99),
                    at(sorted, 1),
                    at(alone, 0.99),
                    at(beside[0], 0.99));
        }
        members.forEach(KqGroupConsumer::close);
    }

    private static KqGroupConsumer join(String bootstrap, String topic, String group) {
        ConsumerConfig defaults = ConsumerConfig.defaults();
        KqGroupConsumer consumer =
                KqGroupConsumer.open(
                        ClientConfig.of(bootstrap),
                        new ConsumerConfig(
                                defaults.partitionBytesMax(),
                                defaults.prefetchBytesMax(),
                                ConsumerConfig.Reset.LATEST),
                        GroupConfig.of(group).withoutAutoCommit());
        consumer.subscribe(Subscription.topics(topic));
        while (consumer.assignment().isEmpty()) {
            consumer.poll(Duration.ofMillis(100));
        }
        return consumer;
    }

    private static double[] createTopics(KqAdmin admin, String prefix, int count) {
        double[] millis = new double[count];
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            admin.createTopic(NewTopic.of(prefix + "-" + System.nanoTime(), 1)).join();
            millis[i] = (System.nanoTime() - begun) / 1e6;
            LockSupport.parkNanos(50_000_000);
        }
        Arrays.sort(millis);
        return millis;
    }

    private long send(TopicPartition partition, double perSecond, int seconds) {
        long count = (long) (perSecond * seconds);
        long begun = System.nanoTime();
        for (long i = 0; i < count; i++) {
            long due = begun + (long) (i * 1e9 / perSecond);
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(Math.max(1, due - System.nanoTime()));
            }
            var unused =
                    members.get((int) (i % members.size()))
                            .commitAsync(Map.of(partition, GroupOffset.of(i)))
                            .whenComplete((done, failure) -> answered(due, failure));
        }
        return count;
    }

    private void answered(long due, @Nullable Throwable failure) {
        latencies.add((System.nanoTime() - due) / 1e6);
        if (failure != null) {
            failed.incrementAndGet();
        }
    }

    private void awaitAnswers(long count) {
        while (latencies.size() < count) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static double at(double[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, quantile * sorted.length)];
    }
}
