package io.kq.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.client.ClientConfig;
import io.kq.client.ConsumerConfig;
import io.kq.client.ConsumerRecord;
import io.kq.client.KqAdmin;
import io.kq.client.KqConsumer;
import io.kq.client.KqConsumer.Position;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerRecord;
import io.kq.client.RecordMetadata;
import io.kq.client.admin.NewTopic;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Trucks send their positions to the topic {@code trucks_gps}, keyed by truck id. A key always
 * lands in the same partition and a partition keeps its order, so each truck's positions are read
 * in the order in which it drove, whatever the others do.
 *
 * <p>Usage: {@code examples/run.sh TrucksGps [HOST:PORT [TRUCKS [POSITIONS]]]}; exits with 1 if a
 * position is missing or out of order. Its class path is that of kq's commands ({@code
 * lib/cli.classpath} of a distribution) and this class: {@code kq-client} and what it needs. With
 * all of {@code lib/} SLF4J would warn, as a node's logging is there too.
 */
public final class TrucksGps {

    private static final String TOPIC = "trucks_gps";
    private static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ClientConfig client;
    private final int trucks;
    private final int positions;

    private TrucksGps(ClientConfig client, int trucks, int positions) {
        this.client = client;
        this.trucks = trucks;
        this.positions = positions;
    }

    /** See the class. */
    public static void main(String[] arguments) {
        String bootstrap = arguments.length > 0 ? arguments[0] : "127.0.0.1:9092";
        try {
            int trucks = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
            int positions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100;
            TrucksGps example = new TrucksGps(ClientConfig.of(bootstrap), trucks, positions);
            System.exit(example.run() ? 0 : 1);
        } catch (IllegalArgumentException misused) {
            System.err.println("error: " + misused.getMessage());
            System.err.println("  next: TrucksGps [HOST:PORT [TRUCKS [POSITIONS]]]");
            System.exit(2);
        } catch (CompletionException | RejectedException refused) {
            Throwable why =
                    refused instanceof CompletionException && refused.getCause() != null
                            ? refused.getCause()
                            : refused;
            System.err.println("error: " + why.getMessage());
            System.exit(1);
        }
    }

    private boolean run() {
        Map<TopicPartition, Position> from = createTopic();
        drive();
        return follow(from);
    }

    /** Makes the topic unless it is there, and notes where its partitions end now. */
    private Map<TopicPartition, Position> createTopic() {
        try (KqAdmin admin = KqAdmin.open(client)) {
            admin.createTopic(new NewTopic(TOPIC, PARTITIONS, 0, List.of(), Map.of(), true, false))
                    .join();
            Map<TopicPartition, Position> latest = new HashMap<>();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                latest.put(new TopicPartition(TOPIC, partition), Position.LATEST);
            }
            Map<TopicPartition, Position> from = new HashMap<>();
            admin.listOffsets(latest)
                    .join()
                    .forEach((partition, offset) -> from.put(partition, Position.offset(offset)));
            return from;
        }
    }

    /** All trucks send by turns; the producer batches and keeps each partition's order. */
    private void drive() {
        List<CompletableFuture<RecordMetadata>> sends = new ArrayList<>();
        try (KqProducer producer = KqProducer.open(client, ProducerConfig.defaults())) {
            for (int position = 0; position < positions; position++) {
                for (int truck = 0; truck < trucks; truck++) {
                    byte[] key = ("truck_" + truck).getBytes(UTF_8);
                    byte[] value = Integer.toString(position).getBytes(UTF_8);
                    sends.add(producer.send(ProducerRecord.of(TOPIC, key, value)));
                }
            }
            producer.flush();
        }
        Set<Integer> used = new HashSet<>();
        sends.forEach(send -> used.add(send.join().partition()));
        System.out.printf(
                "sent %d positions of %d trucks to %d partitions%n",
                sends.size(), trucks, used.size());
    }

    /** Reads them back and checks that no truck jumped. */
    private boolean follow(Map<TopicPartition, Position> from) {
        Map<String, Integer> next = new HashMap<>();
        int read = 0;
        try (KqConsumer consumer = KqConsumer.open(client, ConsumerConfig.defaults())) {
            consumer.assign(from);
            while (read < trucks * positions) {
                List<ConsumerRecord> records = consumer.poll(PATIENCE);
                if (records.isEmpty()) {
                    break;
                }
                for (ConsumerRecord each : records) {
                    String truck = text(each.key());
                    int expected = next.getOrDefault(truck, 0);
                    if (Integer.parseInt(text(each.value())) != expected) {
                        System.err.printf("error: %s jumped at offset %d%n", truck, each.offset());
                        return false;
                    }
                    next.put(truck, expected + 1);
                    read++;
                }
            }
        }
        System.out.printf("read %d positions, each truck's in order%n", read);
        return read == trucks * positions;
    }

    private static String text(byte @org.jspecify.annotations.Nullable [] bytes) {
        return new String(Objects.requireNonNull(bytes), UTF_8);
    }
}
