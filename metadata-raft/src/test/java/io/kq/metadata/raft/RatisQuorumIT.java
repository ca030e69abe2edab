package io.kq.metadata.raft;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.VoterSet.Voter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.protocol.TermIndex;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What kq relies on in Ratis, and where it must not go on. */
class RatisQuorumIT {

    private static final UUID DIRECTORY_ID = new UUID(1, 2);

    @TempDir Path temporary;
    private RaftConfig config;
    private final Collection<Throwable> faults = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void configure() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        config =
                RaftConfig.of(
                        List.of(new Voter(0, DIRECTORY_ID, "127.0.0.1", port)),
                        temporary.resolve("raft"),
                        "127.0.0.1",
                        port);
    }

    private static class NoEvents implements RaftEvents {
        @Override
        public void onApplied(MetadataDelta delta, MetadataBatch batch) {}

        @Override
        public void onImageReplaced(MetadataDelta delta) {}

        @Override
        public void onLeaderReady(long term) {}

        @Override
        public void onNotLeader() {}

        @Override
        public void onClosed() {}

        @Override
        public void onLeaderChanged() {}
    }

    private RatisQuorum start() throws IOException {
        return RatisQuorum.start(
                "cluster",
                0,
                DIRECTORY_ID,
                config,
                new NoEvents(),
                shard -> {
                    throw new IllegalStateException("no shard");
                },
                (where, cause) -> faults.add(new IllegalStateException(where, cause)));
    }

    private static long awaitTerm(RatisQuorum quorum) {
        eventually("a leader", () -> quorum.metadata().readyTerm().isPresent());
        return quorum.metadata().readyTerm().orElseThrow();
    }

    private static AppliedEntry append(RatisQuorum quorum, long term) throws Exception {
        long sequence = quorum.image().cluster().lastBatchSequence() + 1;
        return quorum.append(
                        new MetadataBatch(
                                term,
                                sequence,
                                1,
                                List.of(new ProducerIdsAllocated(sequence * 1_000, 0, 0))))
                .get(20, TimeUnit.SECONDS);
    }

    /** A started voter with some entries, killed. */
    private void fillAndKill(int entries) throws Exception {
        RatisQuorum quorum = start();
        long term = awaitTerm(quorum);
        for (int i = 0; i < entries; i++) {
            append(quorum, term);
        }
        quorum.abandon();
    }

    private Path openSegment() throws IOException {
        try (var files = Files.walk(temporary)) {
            return files.filter(f -> f.getFileName().toString().startsWith("log_inprogress"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Where the entries of a segment end and its zeros begin. */
    private static long endOfEntries(Path segment) throws IOException {
        byte[] content = Files.readAllBytes(segment);
        int end = content.length;
        while (end > 0 && content[end - 1] == 0) {
            end--;
        }
        return end;
    }

    private static void overwrite(Path file, long position, byte[] bytes) throws IOException {
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(position);
            out.write(bytes);
        }
    }

    @Test
    void batchOfAnotherTermIsCommittedWithoutEffect() throws Exception {
        RatisQuorum quorum = start();
        long term = awaitTerm(quorum);
        assertThat(append(quorum, term - 1).ignored()).isTrue();
        assertThat(quorum.image().nextProducerId()).isZero();
        AppliedEntry entry = append(quorum, term);
        assertThat(entry.ignored()).isFalse();
        assertThat(entry.index()).isEqualTo(quorum.image().index());
        assertThat(quorum.image().nextProducerId()).isEqualTo(1_000);
        quorum.abandon();
        assertThat(faults).isEmpty();
    }

    @Test
    void oversizedBatchIsRefusedBeforeRatisSeesItAndCostsNoLeadership() throws Exception {
        RatisQuorum quorum = start();
        long term = awaitTerm(quorum);
        MetadataBatch huge =
                new MetadataBatch(
                        term,
                        1,
                        1,
                        List.of(new RequestAnswered(new UUID(1, 1), new byte[5 << 20], 1)));
        assertThatThrownBy(() -> quorum.append(huge).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(append(quorum, term).ignored()).isFalse();
        assertThat(quorum.metadata().readyTerm()).hasValue(term);
        quorum.abandon();
    }

    @Test
    void clientsOfRatisAreTurnedAwayFromThePort() throws Exception {
        RatisQuorum quorum = start();
        long term = awaitTerm(quorum);
        append(quorum, term);
        RaftPeerId peer = RaftNames.peerId(0, DIRECTORY_ID);
        try (RaftClient client =
                RaftClient.newBuilder()
                        .setProperties(new RaftProperties())
                        .setRaftGroup(RaftNames.group("cluster", config))
                        .setLeaderId(peer)
                        .setRetryPolicy(RetryPolicies.noRetry())
                        .build()) {
            assertThatThrownBy(() -> client.io().send(Message.valueOf("not a batch")))
                    .hasStackTraceContaining("only voters may use this port");
            assertThatThrownBy(() -> client.admin().transferLeadership(null, 1_000))
                    .hasStackTraceContaining("only voters may use this port");
        }
        assertThat(append(quorum, term).ignored()).isFalse();
        quorum.abandon();
        assertThat(faults).isEmpty();
    }

    @Test
    void tornTailOfZerosIsCutOffAndTheVoterStarts() throws Exception {
        fillAndKill(20);
        Path segment = openSegment();
        long end = endOfEntries(segment);
        overwrite(segment, end - 8, new byte[8]);
        RatisQuorum again = start();
        long term = awaitTerm(again);
        assertThat(again.image().nextProducerId()).isBetween(19_000L, 20_000L);
        assertThat(append(again, term).ignored()).isFalse();
        again.abandon();
    }

    @Test
    void flippedBitInTheLogKeepsTheVoterFromStarting() throws Exception {
        fillAndKill(20);
        Path segment = openSegment();
        byte[] content = Files.readAllBytes(segment);
        int middle = (int) endOfEntries(segment) / 2;
        overwrite(segment, middle, new byte[] {(byte) (content[middle] ^ 16)});
        assertThatThrownBy(this::start).isInstanceOf(IOException.class);
    }

    @Test
    void damagedSnapshotKeepsTheVoterFromStarting() throws Exception {
        RatisQuorum quorum = start();
        append(quorum, awaitTerm(quorum));
        quorum.close();
        Path snapshot;
        try (var files = Files.walk(temporary)) {
            snapshot =
                    files.filter(f -> f.getFileName().toString().matches("snapshot\\.\\d+_\\d+"))
                            .findFirst()
                            .orElseThrow();
        }
        byte[] content = Files.readAllBytes(snapshot);
        overwrite(snapshot, 40, new byte[] {(byte) ~content[40]});
        assertThatThrownBy(this::start)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is damaged");
    }

    @Test
    void takenPortIsSaid() throws Exception {
        try (ServerSocket taken =
                new ServerSocket(config.bindPort(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatThrownBy(this::start).isInstanceOf(IOException.class);
        }
    }

    @Test
    void entryThatThisVersionDoesNotKnowEndsTheProcess() {
        RatisStateMachine machine =
                new RatisStateMachine(
                        ClientId.randomId(),
                        new MetadataState(new NoEvents()),
                        new NoEvents(),
                        (where, cause) -> faults.add(cause));
        assertThatThrownBy(() -> machine.applyTransaction(Entries.of(machine, 5, "no batch")))
                .isInstanceOf(RuntimeException.class);
        assertThat(faults).hasSize(1);
    }

    @Test
    void whateverEndsTheServerButUsIsTold() {
        AtomicInteger closed = new AtomicInteger();
        RatisStateMachine machine =
                new RatisStateMachine(
                        ClientId.randomId(),
                        new MetadataState(new NoEvents()),
                        new NoEvents() {
                            @Override
                            public void onClosed() {
                                closed.incrementAndGet();
                            }
                        },
                        (where, cause) -> faults.add(cause));
        machine.notifyLogFailed(new IOException("disk"), null);
        assertThat(faults).hasSize(1);
        machine.close();
        assertThat(closed).hasValue(1);
        machine.stopping(RatisStateMachine.Stopping.CLEANLY);
        machine.close();
        assertThat(closed).hasValue(1);
        assertThat(faults).hasSize(1);
        assertThat(machine.getLastAppliedTermIndex()).isEqualTo(TermIndex.INITIAL_VALUE);
    }
}
