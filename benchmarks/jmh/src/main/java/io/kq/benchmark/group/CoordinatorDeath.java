package io.kq.benchmark.group;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.KqAdmin;
import io.kq.client.KqGroupConsumer;
import io.kq.client.group.GroupConfig;
import io.kq.client.group.GroupOffset;
import io.kq.client.group.Subscription;
import io.kq.protocol.TopicPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * How long commits wait when the process that coordinates gets a signal: one each 5 ms, and then
 * the time from the signal to the first answer to one that was sent after it; and whether any was
 * lost.
 *
 * <p>Arguments: bootstrap servers, topic of one partition, group, signal, pids by node id. Prints
 * one line.
 */
public final class CoordinatorDeath {

    private static final long PAUSE_NANOS = 5_000_000;

    private final AtomicLong signalled = new AtomicLong(Long.MAX_VALUE);
    private final AtomicLong firstAfter = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();

    private CoordinatorDeath() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        new CoordinatorDeath().run(args);
    }

    private void run(String[] args) throws IOException, InterruptedException {
        ClientConfig client = ClientConfig.of(args[0]);
        TopicPartition partition = new TopicPartition(args[1], 0);
        ConsumerConfig defaults = ConsumerConfig.defaults();
        try (KqAdmin admin = KqAdmin.open(client);
                KqGroupConsumer member =
                        KqGroupConsumer.open(
                                client,
                                new ConsumerConfig(
                                        defaults.partitionBytesMax(),
                                        defaults.prefetchBytesMax(),
                                        ConsumerConfig.Reset.LATEST),
                                GroupConfig.of(args[2]).withoutAutoCommit())) {
            member.subscribe(Subscription.topics(args[1]));
            while (member.assignment().isEmpty()) {
                member.poll(Duration.ofMillis(100));
            }
            long last = commit(member, partition, 0, 3_000);
            int coordinator = admin.describeGroup(args[2]).join().listing().coordinatorId();
            new ProcessBuilder("kill", "-" + args[3], args[4 + coordinator]).start().waitFor();
            signalled.set(System.nanoTime());
            last = commit(member, partition, last, 8_000);
            member.commit();
            member.commit(Map.of(partition, GroupOffset.of(last)));
            long kept =
                    admin.describeGroup(args[2]).join().committed().getOrDefault(partition, -1L);
            System.out.printf(
                    Locale.ROOT,
                    "coordinator %d first_commit_after_ms %.0f answered %d failed %d last %d kept"
                            + " %d%n",
                    coordinator,
                    (firstAfter.get() - signalled.get()) / 1e6,
                    answered.get(),
                    failed.get(),
                    last,
                    kept);
        }
    }

    /** Commits growing offsets for so long. */
    private long commit(KqGroupConsumer member, TopicPartition partition, long from, long millis) {
        long offset = from;
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
            long sent = System.nanoTime();
            offset++;
            var unused =
                    member.commitAsync(Map.of(partition, GroupOffset.of(offset)))
                            .whenComplete((done, failure) -> ended(sent, failure == null));
            member.poll(Duration.ZERO);
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return offset;
    }

    private void ended(long sent, boolean committed) {
        (committed ? answered : failed).incrementAndGet();
        if (committed && sent > signalled.get()) {
            firstAfter.compareAndSet(0, System.nanoTime());
        }
    }
}
