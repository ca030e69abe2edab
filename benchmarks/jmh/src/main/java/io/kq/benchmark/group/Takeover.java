package io.kq.benchmark.group;

import io.kq.client.ClientConfig;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;

/**
 * Partitions that change hands: 6 of them, 20 records a second in each. A member joins another one,
 * leaves, joins again; then the first one is killed. As the Kafka probe beside it does.
 *
 * <p>Arguments: bootstrap servers, topic, group prefix, rounds. Prints one line a round.
 */
public final class Takeover {

    private static final int PARTITIONS = 6;
    private static final long WAIT_MAX_NANOS = 60_000_000_000L;

    /** What a member process printed, and when that was read. */
    private record Event(long nanos, int member, String kind, int partition) {}

    private final String bootstrap;
    private final String topic;
    private final String group;
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final List<Process> members = new ArrayList<>();

    private Takeover(String bootstrap, String topic, String group) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.group = group;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        try (KqProducer producer =
                KqProducer.open(ClientConfig.of(args[0]), ProducerConfig.defaults())) {
            Thread sender = new Thread(() -> sendUntil(stop, producer, args[1]), "sender");
            sender.start();
            for (int round = 0; round < Integer.parseInt(args[3]); round++) {
                new Takeover(args[0], args[1], args[2] + "-" + round).run();
            }
            stop.set(true);
            sender.join();
        }
    }

    private static void sendUntil(AtomicBoolean stop, KqProducer producer, String topic) {
        byte[] value = new byte[16];
        while (!stop.get()) {
            for (int i = 0; i < PARTITIONS; i++) {
                var unused = producer.send(ProducerRecord.to(topic, i, null, value));
            }
            sleep(50);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void run() throws IOException, InterruptedException {
        try {
            int first = spawn();
            awaitOwned(Map.of(first, PARTITIONS));
            sleep(6_000);
            long joins = System.nanoTime();
            int second = spawn();
            awaitOwned(Map.of(first, 3, second, 3));
            sleep(3_000);
            Set<Integer> moved = read(second, joins);
            double stayGap = gap(joins, p -> !moved.contains(p));
            double moveGap = gap(joins, moved::contains);
            long leaves = System.nanoTime();
            members.get(second).getOutputStream().close();
            members.get(second).waitFor();
            awaitOwned(Map.of(first, PARTITIONS));
            sleep(2_000);
            double leaveGap = gap(leaves, p -> true);
            int third = spawn();
            awaitOwned(Map.of(first, 3, third, 3));
            sleep(6_000);
            Set<Integer> lost = read(first, System.nanoTime() - 500_000_000L);
            long kill = System.nanoTime();
            members.get(first).destroyForcibly().waitFor();
            awaitOwned(Map.of(third, PARTITIONS));
            double takenOver =
                    lost.stream().mapToDouble(p -> after(kill, third, p)).max().orElse(-1);
            System.out.printf(
                    Locale.ROOT,
                    "join_stays_gap_ms %.0f join_moves_gap_ms %.0f leave_gap_ms %.0f"
                            + " kill_taken_over_ms %.0f%n",
                    stayGap,
                    moveGap,
                    leaveGap,
                    takenOver);
        } finally {
            members.forEach(Process::destroyForcibly);
        }
    }

    private int spawn() throws IOException {
        int member = members.size();
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-Xmx128m",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                MemberProcess.class.getName(),
                                bootstrap,
                                topic,
                                group)
                        .redirectError(Redirect.INHERIT)
                        .start();
        members.add(process);
        Thread reader = new Thread(() -> readEvents(member, process), "member-" + member);
        reader.setDaemon(true);
        reader.start();
        return member;
    }

    private void readEvents(int member, Process process) {
        try (BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] words = line.split(" ", 2);
                events.add(
                        new Event(System.nanoTime(), member, words[0], Integer.parseInt(words[1])));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Set<Integer> read(int member, long since) {
        Set<Integer> partitions = new HashSet<>();
        for (Event event : events) {
            if (event.nanos() >= since && event.member() == member && event.kind().equals("R")) {
                partitions.add(event.partition());
            }
        }
        return partitions;
    }

    private void awaitOwned(Map<Integer, Integer> wanted) {
        long deadline = System.nanoTime() + WAIT_MAX_NANOS;
        while (System.nanoTime() < deadline) {
            long since = System.nanoTime() - 400_000_000L;
            if (wanted.entrySet().stream()
                    .allMatch(want -> read(want.getKey(), since).size() == want.getValue())) {
                return;
            }
            sleep(20);
        }
        throw new IllegalStateException("members do not come to " + wanted);
    }

    /** The longest time without a record in one of these partitions, whoever read it. */
    private double gap(long since, IntPredicate partitions) {
        Map<Integer, Long> last = new HashMap<>();
        long longest = 0;
        for (Event event : events) {
            if (event.kind().equals("R") && partitions.test(event.partition())) {
                Long before = last.put(event.partition(), event.nanos());
                if (before != null && event.nanos() >= since) {
                    longest = Math.max(longest, event.nanos() - before);
                }
            }
        }
        return longest / 1e6;
    }

    /** From {@code since} to the member's first record of the partition. */
    private double after(long since, int member, int partition) {
        return events.stream()
                .filter(e -> e.nanos() > since && e.member() == member && e.kind().equals("R"))
                .filter(e -> e.partition() == partition)
                .mapToDouble(e -> (e.nanos() - since) / 1e6)
                .findFirst()
                .orElse(-1);
    }
}
