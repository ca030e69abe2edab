package io.kq.system;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.client.ClientConfig;
import io.kq.client.KqAdmin;
import io.kq.client.KqConsumer.Position;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.ProducerRecord;
import io.kq.client.admin.GroupDescription;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import io.kq.system.harness.Cluster;
import io.kq.system.harness.Shell;
import io.kq.system.harness.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Members come, leave, die and freeze, nodes die, while records are written. All the time: a
 * partition is one member's (G1), what is committed never goes back (G3) and was all printed by
 * some member before (G5). In the end everything was read. {@code system-tests/churn.sh} runs it
 * for longer: {@code -Dkq.churn.seconds} and {@code -Dkq.churn.seed}.
 */
class GroupChurnIT {

    private static final int SECONDS = Integer.getInteger("kq.churn.seconds", 90);
    private static final long SEED = Long.getLong("kq.churn.seed", 20_261_201);
    private static final int PARTITIONS = 6;
    private static final int MEMBERS_MAX = 4;
    private static final String MEMBER =
            "exec kq consume --topic churn --group churn --from-beginning -f '%p %o\\n'"
                    + " --consumer-property auto.commit.interval.ms=300"
                    + " --consumer-property session.timeout.ms=3000";

    @TempDir private Path directory;

    private final Random random = new Random(SEED);
    private final List<Member> members = new ArrayList<>();
    private final Map<Integer, Long> committed = new HashMap<>();
    private final Map<Integer, BitSet> printed = new HashMap<>();
    private final List<String> story = new ArrayList<>();
    private Cluster cluster;
    private Shell shell;
    private KqAdmin admin;

    /** A member's process, dead or alive. */
    private static final class Member {
        private final Window window;
        private boolean over;
        private long frozenUntil;
        private int seen;

        Member(Window window) {
            this.window = window;
        }

        void signal(String name) throws Exception {
            new ProcessBuilder("kill", "-" + name, Long.toString(window.pid())).start().waitFor();
        }
    }

    @Test
    void whatIsCommittedIsTrueWhateverDies() throws Exception {
        cluster = Cluster.start(directory.resolve("cluster"), 3);
        shell = Shell.in(directory).against(cluster);
        ClientConfig client = ClientConfig.of(cluster.bootstrap());
        Thread writer = null;
        try (KqProducer producer = KqProducer.open(client, ProducerConfig.defaults());
                KqAdmin opened = KqAdmin.open(client)) {
            admin = opened;
            shell.run(
                    "kq topics --create --topic churn --replication-factor 3 --partitions "
                            + PARTITIONS);
            writer = new Thread(() -> write(producer));
            writer.start();
            long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
            while (System.nanoTime() < end) {
                happen();
                watchFor(Duration.ofMillis(500 + random.nextInt(2500)));
            }
            writer.interrupt();
            writer.join();
            calmDown();
        } catch (Throwable failure) {
            throw new AssertionError("seed " + SEED + ": " + String.join(", ", story), failure);
        } finally {
            if (writer != null) {
                writer.interrupt();
            }
            members.forEach(member -> member.window.close());
            cluster.close();
        }
    }

    private static void write(KqProducer producer) {
        byte[] value = new byte[8];
        while (!Thread.currentThread().isInterrupted()) {
            for (int i = 0; i < PARTITIONS; i++) {
                var unused = producer.send(ProducerRecord.to("churn", i, null, value));
            }
            LockSupport.parkNanos(20_000_000);
        }
        producer.flush();
    }

    // ---- what happens

    private void happen() throws Exception {
        List<Member> alive = members.stream().filter(member -> !member.over).toList();
        if (alive.size() < 2 || (alive.size() < MEMBERS_MAX && random.nextInt(3) == 0)) {
            tell("a member comes");
            members.add(new Member(shell.open(MEMBER)));
            return;
        }
        Member one = alive.get(random.nextInt(alive.size()));
        switch (random.nextInt(5)) {
            case 0 -> {
                tell("a member dies");
                one.over = true;
                one.signal("KILL");
            }
            case 1 -> {
                tell("a member leaves");
                one.over = true;
                one.signal("CONT");
                one.signal("INT");
            }
            case 2, 3 -> {
                tell("a member freezes");
                one.frozenUntil = System.nanoTime() + (500 + random.nextInt(6000)) * 1_000_000L;
                one.signal("STOP");
            }
            default -> killNode();
        }
    }

    private void killNode() {
        int id = random.nextInt(3);
        tell("node " + id + " dies");
        cluster.node(id).kill();
        watchFor(Duration.ofMillis(1000 + random.nextInt(4000)));
        tell("node " + id + " comes back");
        cluster.node(id).start();
        cluster.node(id).awaitReady();
        eventually(
                "all replicas are in sync",
                () -> {
                    watch();
                    return shell.run("kq cluster health").exitCode() == 0;
                });
    }

    private void tell(String what) {
        story.add(what);
    }

    // ---- what must be so

    private void watchFor(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            watch();
            LockSupport.parkNanos(200_000_000);
        }
    }

    private void watch() {
        thaw();
        GroupDescription group;
        try {
            group = admin.describeGroup("churn").join();
        } catch (CompletionException notNow) {
            assertThat(notNow.getCause()).isInstanceOf(RejectedException.class);
            return;
        }
        Set<TopicPartition> owned = new HashSet<>();
        for (GroupDescription.Member member : group.members()) {
            for (Set<TopicPartition> some : List.of(member.assigned(), member.revoking())) {
                some.forEach(one -> assertThat(owned.add(one)).as("two have " + one).isTrue());
            }
        }
        group.committed().forEach((partition, at) -> checkCommitted(partition.partition(), at));
    }

    private void thaw() {
        for (Member member : members) {
            if (member.frozenUntil != 0 && System.nanoTime() >= member.frozenUntil) {
                member.frozenUntil = 0;
                try {
                    member.signal("CONT");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    /** What a process wrote before it committed may still be in its pipe. */
    private void checkCommitted(int partition, long at) {
        assertThat(at)
                .as("committed of " + partition)
                .isGreaterThanOrEqualTo(committed.getOrDefault(partition, 0L));
        committed.put(partition, at);
        eventually(
                "all before " + at + " of " + partition + " is printed",
                Duration.ofSeconds(10),
                () -> {
                    readAll();
                    BitSet offsets = printed.getOrDefault(partition, new BitSet());
                    return offsets.nextClearBit(0) >= at;
                });
    }

    private void readAll() {
        for (Member member : members) {
            String out = member.window.out();
            int end = out.lastIndexOf('\n') + 1;
            if (end > member.seen) {
                out.substring(member.seen, end).lines().forEach(this::read);
                member.seen = end;
            }
        }
    }

    private void read(String line) {
        int blank = line.indexOf(' ');
        printed.computeIfAbsent(
                        Integer.parseInt(line.substring(0, blank)), partition -> new BitSet())
                .set(Integer.parseInt(line.substring(blank + 1)));
    }

    /** Everything that was written is read and committed. */
    private void calmDown() {
        tell("all is calm");
        members.add(new Member(shell.open(MEMBER)));
        Map<TopicPartition, Position> latest = new HashMap<>();
        IntStream.range(0, PARTITIONS)
                .forEach(i -> latest.put(new TopicPartition("churn", i), Position.LATEST));
        Map<TopicPartition, Long> ends = admin.listOffsets(latest).join();
        eventually(
                "all is committed",
                () -> {
                    watch();
                    return ends.entrySet().stream()
                            .allMatch(
                                    end ->
                                            end.getValue()
                                                    .equals(
                                                            committed.get(
                                                                    end.getKey().partition())));
                });
        System.out.printf(
                "seed %d: %d events, %d records, all read%n",
                SEED, story.size(), ends.values().stream().mapToLong(Long::longValue).sum());
    }
}
