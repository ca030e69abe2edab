package io.kq.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import io.kq.protocol.TopicPartition;
import io.kq.system.harness.Cluster;
import io.kq.system.harness.NodeProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real text with real skew through real processes: the file lists of a Debian machine, or this
 * project's own paths elsewhere.
 */
class RealInputIT {

    private static final int LINES_MAX = 120_000;

    private final long seed = Long.getLong("kq.seed", System.nanoTime());

    @Test
    void everyAcknowledgedLineIsReadInOrderAndOnceThoughTheNodeIsKilledWhileWriting(
            @TempDir Path directory) throws Exception {
        List<String> lines = realLines();
        SplittableRandom random = new SplittableRandom(seed);
        System.out.println("RealInputIT -Dkq.seed=" + seed + " lines=" + lines.size());
        try (Cluster cluster = Cluster.start(directory, 1)) {
            NodeProcess node = cluster.node(0);
            create(cluster, new NewTopic("lines", 1, 1, List.of(), Map.of(), false, false));
            List<CompletableFuture<RecordMetadata>> sends = new ArrayList<>();
            int killAt = random.nextInt(lines.size() / 4, lines.size() * 3 / 4);
            try (KqProducer producer =
                    KqProducer.open(
                            ClientConfig.of(cluster.bootstrap()), ProducerConfig.defaults())) {
                for (int i = 0; i < lines.size(); i++) {
                    if (i == killAt) {
                        node.kill();
                        node.start(Map.of());
                    }
                    sends.add(
                            producer.send(
                                    ProducerRecord.of("lines", lines.get(i).getBytes(UTF_8))));
                }
                producer.flush();
            }
            for (int i = 0; i < sends.size(); i++) {
                assertThat(sends.get(i).get().offset()).isEqualTo(i);
            }
            assertThat(readAll(cluster, "lines", 1, lines.size()).get(0)).isEqualTo(lines);
            node.kill();
            node.start(Map.of());
            node.awaitReady();
            assertThat(readAll(cluster, "lines", 1, lines.size()).get(0)).isEqualTo(lines);
        }
    }

    @Test
    void keysKeepTheirOrderWhileAVoterWithoutTheDataIsKilledAndComesBack(@TempDir Path directory)
            throws Exception {
        List<String> lines = realLines();
        try (Cluster cluster = Cluster.start(directory, 3)) {
            List<List<Integer>> onNodes0And1 =
                    List.of(List.of(0), List.of(1), List.of(0), List.of(1), List.of(0), List.of(1));
            create(cluster, new NewTopic("keyed", 0, 0, onNodes0And1, Map.of(), false, false));
            List<CompletableFuture<RecordMetadata>> sends = new ArrayList<>();
            try (KqProducer producer =
                    KqProducer.open(
                            ClientConfig.of(cluster.bootstrap()), ProducerConfig.defaults())) {
                for (int i = 0; i < lines.size(); i++) {
                    if (i == lines.size() / 3) {
                        cluster.node(2).kill();
                    }
                    if (i == lines.size() * 2 / 3) {
                        cluster.node(2).start(Map.of());
                    }
                    byte[] line = lines.get(i).getBytes(UTF_8);
                    sends.add(
                            producer.send(
                                    ProducerRecord.of(
                                            "keyed", key(lines.get(i)).getBytes(UTF_8), line)));
                }
                producer.flush();
            }
            for (CompletableFuture<RecordMetadata> send : sends) {
                send.get();
            }
            cluster.node(2).awaitReady();
            Map<Integer, List<String>> byPartition = readAll(cluster, "keyed", 6, lines.size());
            assertThat(byKey(byPartition.values())).isEqualTo(byKey(List.of(lines)));
        }
    }

    private static void create(Cluster cluster, NewTopic topic) throws Exception {
        try (KqAdmin admin = KqAdmin.open(ClientConfig.of(cluster.bootstrap()))) {
            assertThat(admin.createTopic(topic).get().created()).isTrue();
        }
    }

    /** First path element: few keys, very unevenly used. */
    private static String key(String line) {
        String[] parts = line.split("/", 3);
        return parts.length > 1 ? parts[1] : line;
    }

    private static Map<String, List<String>> byKey(Iterable<List<String>> sequences) {
        Map<String, List<String>> result = new HashMap<>();
        for (List<String> sequence : sequences) {
            for (String line : sequence) {
                result.computeIfAbsent(key(line), k -> new ArrayList<>()).add(line);
            }
        }
        return result;
    }

    private static Map<Integer, List<String>> readAll(
            Cluster cluster, String topic, int partitions, int expected) {
        Map<Integer, List<String>> result = new HashMap<>();
        Map<TopicPartition, Position> from = new HashMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            from.put(new TopicPartition(topic, partition), Position.EARLIEST);
        }
        int read = 0;
        try (KqConsumer consumer =
                KqConsumer.open(ClientConfig.of(cluster.bootstrap()), ConsumerConfig.defaults())) {
            consumer.assign(from);
            while (read < expected) {
                List<ConsumerRecord> records = consumer.poll(Duration.ofSeconds(20));
                assertThat(records).as("after %d of %d", read, expected).isNotEmpty();
                for (ConsumerRecord each : records) {
                    List<String> sequence =
                            result.computeIfAbsent(each.partition(), p -> new ArrayList<>());
                    assertThat(each.offset()).isEqualTo(sequence.size());
                    sequence.add(new String(Objects.requireNonNull(each.value()), UTF_8));
                    read++;
                }
            }
            assertThat(consumer.poll(Duration.ofMillis(300))).isEmpty();
        }
        return result;
    }

    private static List<String> realLines() throws IOException {
        Path lists = Path.of("/var/lib/dpkg/info");
        List<String> lines = new ArrayList<>();
        if (Files.isDirectory(lists)) {
            try (var files = Files.newDirectoryStream(lists, "*.list")) {
                for (Path file : files) {
                    lines.addAll(Files.readAllLines(file, UTF_8));
                    if (lines.size() > LINES_MAX) {
                        return lines.subList(0, LINES_MAX);
                    }
                }
            }
        }
        Path project = Path.of("..").toAbsolutePath().normalize();
        while (lines.size() < LINES_MAX / 4) {
            try (var files = Files.walk(project)) {
                files.limit(LINES_MAX / 4).forEach(path -> lines.add(path.toString()));
            }
        }
        return lines;
    }
}
