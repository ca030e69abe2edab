package io.kq.benchmark.group;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqGroupConsumer;
import io.kq.client.group.AssignmentListener;
import io.kq.client.group.GroupConfig;
import io.kq.client.group.Subscription;
import io.kq.protocol.TopicPartition;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A member in a process of its own. Prints {@code R partition} for each record, {@code A n} and
 * {@code V n} when partitions come and go, {@code L} before it leaves and {@code C} after it;
 * leaves when its input ends.
 *
 * <p>Arguments: bootstrap servers, topic, group.
 */
public final class MemberProcess {

    private MemberProcess() {}

    public static void main(String[] args) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        AtomicBoolean stop = new AtomicBoolean();
        ConsumerConfig defaults = ConsumerConfig.defaults();
        ConsumerConfig config =
                new ConsumerConfig(
                        defaults.partitionBytesMax(),
                        defaults.prefetchBytesMax(),
                        ConsumerConfig.Reset.LATEST);
        KqGroupConsumer consumer =
                KqGroupConsumer.open(ClientConfig.of(args[0]), config, GroupConfig.of(args[2]));
        Thread input = new Thread(() -> awaitEndOfInput(consumer, stop), "input");
        input.setDaemon(true);
        input.start();
        consumer.subscribe(Subscription.topics(args[1]), new Teller(out));
        while (!stop.get()) {
            for (ConsumerRecord record : consumer.poll(Duration.ofMillis(200))) {
                out.println("R " + record.partition());
            }
        }
        out.println("L 0");
        consumer.close();
        out.println("C 0");
    }

    private static void awaitEndOfInput(KqGroupConsumer consumer, AtomicBoolean stop) {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            while (in.readLine() != null) {
                // Nothing is said on it.
            }
        } catch (IOException e) {
            // Ended too.
        }
        stop.set(true);
        consumer.wakeup();
    }

    private record Teller(PrintStream out) implements AssignmentListener {
        @Override
        public void onAssigned(Set<TopicPartition> partitions) {
            out.println("A " + partitions.size());
        }

        @Override
        public void onRevoked(Set<TopicPartition> partitions) {
            out.println("V " + partitions.size());
        }
    }
}
