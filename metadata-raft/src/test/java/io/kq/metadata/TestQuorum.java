package io.kq.metadata;

import static io.kq.runtime.Eventually.eventually;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.controller.BrokerSessions.BrokerProbe;
import io.kq.metadata.controller.ControllerConfig;
import io.kq.metadata.decision.MetadataOperation;
import io.kq.metadata.decision.MetadataOperation.CreateTopic;
import io.kq.metadata.decision.MetadataOperation.TopicCreation;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.BrokerImage.Endpoint;
import io.kq.metadata.raft.RaftConfig;
import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import io.kq.runtime.Clock;
import io.kq.runtime.RandomSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Voters with real Ratis servers in one JVM, each with a directory and a port of its own. */
final class TestQuorum implements AutoCloseable {

    private static final String CLUSTER = "test-cluster";

    private final List<Voter> voters = new ArrayList<>();
    private final Path directory;
    private final int snapshotThreshold;
    private final Map<Integer, QuorumVoter> running = new TreeMap<>();

    /** Faults that no test asked for. */
    final Collection<Throwable> faults = new ConcurrentLinkedQueue<>();

    TestQuorum(Path directory, int voterCount, int snapshotThreshold) throws IOException {
        this.directory = directory;
        this.snapshotThreshold = snapshotThreshold;
        for (int id = 0; id < voterCount; id++) {
            voters.add(new Voter(id, new UUID(7, id), "127.0.0.1", freePort()));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Path raftDirectory(int id) {
        return directory.resolve("node-" + id).resolve("raft");
    }

    QuorumVoter start(int id) throws IOException {
        return start(voters.get(id), voters);
    }

    /** One that is to be made a voter: it knows nobody. */
    Voter join(int id) throws IOException {
        Voter voter = new Voter(id, UUID.randomUUID(), "127.0.0.1", freePort());
        join(voter);
        return voter;
    }

    void join(Voter voter) throws IOException {
        start(voter, List.of());
    }

    /** Its disk is empty now. */
    void wipe(int id) throws IOException {
        try (Stream<Path> files = Files.walk(raftDirectory(id))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private QuorumVoter start(Voter voter, List<Voter> founders) throws IOException {
        int id = voter.nodeId();
        MetadataConfig config =
                new MetadataConfig(
                        CLUSTER,
                        id,
                        voter.directoryId(),
                        RaftConfig.of(founders, raftDirectory(id), voter.host(), voter.port())
                                .withElectionTimeout(Duration.ofMillis(600))
                                .withSnapshotThreshold(snapshotThreshold),
                        ControllerConfig.DEFAULT.withBrokerSession(Duration.ofSeconds(60)));
        BrokerProbe silent = broker -> CompletableFuture.completedFuture(BrokerProbe.Answer.SILENT);
        QuorumVoter started =
                QuorumVoter.start(
                        config,
                        new MetadataEnvironment(
                                Clock.system(),
                                RandomSource.secure(),
                                (where, cause) ->
                                        faults.add(new IllegalStateException(where, cause)),
                                silent,
                                (broker, replicas) -> new CompletableFuture<>()));
        running.put(id, started);
        return started;
    }

    Voter voter(int id) {
        return voters.get(id);
    }

    QuorumVoter running(int id) {
        return Objects.requireNonNull(running.get(id), "runs");
    }

    /** Repeats until a controller has made the quorum of these. */
    void change(List<Voter> expected, List<Voter> next) {
        eventually(
                "voters are " + next,
                () -> {
                    if (!controller().voters().equals(Optional.of(sorted(next)))) {
                        controller().changeVoters(expected, next).get(20, TimeUnit.SECONDS);
                    }
                    return true;
                });
        eventually(
                "the metadata tells of it",
                () -> controller().image().voters().voters().equals(sorted(next)));
    }

    private static List<Voter> sorted(List<Voter> voters) {
        return new VoterSet(0, voters).voters();
    }

    void startAll() throws IOException {
        for (Voter voter : voters) {
            start(voter.nodeId());
        }
    }

    /** The active controller, once there is one. */
    QuorumVoter controller() {
        eventually(
                "an active controller",
                () -> running.values().stream().anyMatch(QuorumVoter::isActiveController));
        return running.values().stream()
                .filter(QuorumVoter::isActiveController)
                .findFirst()
                .orElseThrow();
    }

    int idOf(QuorumVoter voter) {
        return running.entrySet().stream()
                .filter(e -> e.getValue() == voter)
                .mapToInt(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    Collection<QuorumVoter> running() {
        return running.values();
    }

    private QuorumVoter take(int id) {
        return Objects.requireNonNull(running.remove(id), "runs");
    }

    void kill(int id) {
        take(id).abandon();
    }

    void stop(int id) {
        take(id).close();
    }

    /** Repeats until a controller takes it, as a client would. */
    <R> R call(UUID requestId, MetadataOperation<R> operation) {
        List<R> reply = new ArrayList<>();
        eventually(
                operation.toString(),
                () -> {
                    reply.add(
                            controller()
                                    .submit(Optional.of(requestId), operation)
                                    .get(20, TimeUnit.SECONDS));
                    return true;
                });
        return reply.get(0);
    }

    TopicCreation create(String name) {
        return call(
                UUID.randomUUID(), new CreateTopic(name, 3, 1, List.of(), Map.of(), false, false));
    }

    /** Registers a broker and brings it up. */
    long bringUp(int brokerId) throws Exception {
        QuorumVoter controller = controller();
        long epoch =
                controller
                        .sessions()
                        .register(
                                new Registration(
                                        brokerId,
                                        new UUID(9, brokerId),
                                        CLUSTER,
                                        List.of(new Endpoint("NODE", "127.0.0.1", 1, "PLAINTEXT")),
                                        "",
                                        List.of(new UUID(7, brokerId)),
                                        true,
                                        "test"))
                        .get(20, TimeUnit.SECONDS);
        controller
                .sessions()
                .heartbeat(brokerId, epoch, controller.image().index(), false)
                .get(20, TimeUnit.SECONDS);
        eventually("broker is up", () -> controller.image().isUp(brokerId));
        return epoch;
    }

    /** All running voters come to the same state, and stay there. */
    void awaitSameState() {
        eventually(
                "the same state on " + running.keySet(),
                () ->
                        running.values().stream()
                                        .map(v -> BatchCodec.stateHash(v.image()))
                                        .distinct()
                                        .count()
                                == 1);
    }

    @Override
    public void close() {
        List.copyOf(running.keySet()).forEach(this::kill);
    }
}
