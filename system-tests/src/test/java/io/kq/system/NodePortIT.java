package io.kq.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.kq.internal.v1.AllocateProducerIdsRequest;
import io.kq.internal.v1.AlterPartitionsRequest;
import io.kq.internal.v1.BirthServiceGrpc;
import io.kq.internal.v1.BrokerHeartbeat;
import io.kq.internal.v1.BrokerRegistration;
import io.kq.internal.v1.ControllerServiceGrpc;
import io.kq.internal.v1.DescribeReplicasRequest;
import io.kq.internal.v1.EndpointRecord;
import io.kq.internal.v1.FollowRequest;
import io.kq.internal.v1.FollowResponse;
import io.kq.internal.v1.FoundRequest;
import io.kq.internal.v1.IdentifyRequest;
import io.kq.internal.v1.IdentifyResponse;
import io.kq.internal.v1.IsrMember;
import io.kq.internal.v1.LeaveQuorumRequest;
import io.kq.internal.v1.MetadataFeedServiceGrpc;
import io.kq.internal.v1.PartitionProposal;
import io.kq.internal.v1.PrepareVoterRequest;
import io.kq.internal.v1.ReplicaId;
import io.kq.internal.v1.SessionRequest;
import io.kq.internal.v1.SessionResponse;
import io.kq.internal.v1.StorageServiceGrpc;
import io.kq.internal.v1.VoterRecord;
import io.kq.internal.v1.VoterServiceGrpc;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.protocol.rpc.netty.TunedTransport;
import io.kq.system.harness.Cluster;
import io.kq.system.harness.Shell;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running node makes of whoever speaks nonsense to the port that other nodes use. */
class NodePortIT {

    private static final ByteString ID = ByteString.copyFrom(new byte[16]);
    private static final ByteString NO_ID = ByteString.copyFrom(new byte[15]);

    @TempDir private static Path directory;

    private static Cluster cluster;
    private static EventLoopGroup loops;
    private static ManagedChannel channel;
    private static String host;
    private static int port;
    private static IdentifyResponse node;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(directory.resolve("cluster"), 1);
        String address = Objects.requireNonNull(cluster.node(0).setting("node.listener"));
        host = address.substring(0, address.lastIndexOf(':'));
        port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
        loops = TunedTransport.eventLoops("stranger", 1);
        channel = TunedTransport.channel(host, port, loops).build();
        node =
                BirthServiceGrpc.newBlockingStub(channel)
                        .identify(IdentifyRequest.getDefaultInstance());
    }

    /** Nothing of all this is a bug of the node's, or has changed anything. */
    @AfterAll
    static void stop() {
        Shell shell = Shell.in(directory).against(cluster);
        assertThat(shell.run("kq cluster health").exitCode()).isZero();
        assertThat(shell.run("kq cluster brokers").out().lines()).hasSize(2);
        channel.shutdownNow();
        var unused = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        assertThat(cluster.node(0).isAlive()).isTrue();
        assertThat(cluster.node(0).errors()).doesNotContain("Exception").doesNotContain("INTERNAL");
        cluster.close();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call);
        assertThat(failure).isNotNull();
        assertThat(RejectionCodec.fromThrowable(failure).code())
                .as(failure.toString())
                .isEqualTo(code);
    }

    /** Says {@code bytes}; what the node answers until it hangs up. */
    private static byte[] answerTo(byte[] bytes) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            return in.readAllBytes();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    @Test
    void whoSpeaksNoGrpcIsHungUpOn() throws IOException {
        String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        List<byte[]> said =
                List.of(
                        ascii("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
                        ascii("\0\0\0\0\0\0\0\0"),
                        new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3},
                        ascii("PRI * HT"),
                        ascii(preface),
                        ascii(preface + "\u007f\u007f\u007f\u0001\0\0\0\0\u0001"),
                        ascii(preface + "\0\0\u0008\u0006\0\0\0\0\u0007pingping"),
                        ascii("x".repeat(100_000)));
        for (byte[] each : said) {
            assertThat(answerTo(each)).hasSizeLessThan(2_000);
        }
    }

    @Test
    void aClusterIsFoundedOnceAndByItsVoters() {
        var birth = BirthServiceGrpc.newBlockingStub(channel);
        FoundRequest stranger =
                FoundRequest.newBuilder().setClusterId("another").setFounderId(9).build();
        assertThat(birth.found(stranger).getAccepted()).isFalse();
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> birth.found(stranger.toBuilder().addVoters(voter(NO_ID, "a:1")).build()));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> birth.found(stranger.toBuilder().addVoters(voter(ID, "a")).build()));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> birth.found(stranger.toBuilder().addVoters(voter(ID, "a:99999")).build()));
        assertThat(birth.identify(IdentifyRequest.getDefaultInstance())).isEqualTo(node);
    }

    private static VoterRecord voter(ByteString directory, String address) {
        return VoterRecord.newBuilder()
                .setNodeId(9)
                .setDirectoryId(directory)
                .setRaftAddress(address)
                .setNodeAddress(address)
                .build();
    }

    @Test
    void anotherClustersControllerIsNotListenedTo() {
        var voters = VoterServiceGrpc.newBlockingStub(channel);
        refused(
                ErrorCode.CLUSTER_MISMATCH,
                () ->
                        voters.prepareVoter(
                                PrepareVoterRequest.newBuilder()
                                        .setClusterId("another")
                                        .setTerm(Long.MAX_VALUE)
                                        .build()));
        LeaveQuorumRequest leave =
                LeaveQuorumRequest.newBuilder()
                        .setClusterId("another")
                        .setTerm(Long.MAX_VALUE)
                        .setVotersVersion(Long.MAX_VALUE)
                        .build();
        refused(ErrorCode.CLUSTER_MISMATCH, () -> voters.leaveQuorum(leave));
        refused(
                ErrorCode.INVALID_ARGUMENT,
                () -> voters.leaveQuorum(leave.toBuilder().addVoters(voter(NO_ID, "a:1")).build()));
    }

    @Test
    void aSessionBeginsWithARegistrationThatMakesSense() {
        sessionRefused(
                ErrorCode.INVALID_ARGUMENT,
                SessionRequest.newBuilder().setHeartbeat(BrokerHeartbeat.getDefaultInstance()));
        BrokerRegistration good =
                BrokerRegistration.newBuilder()
                        .setBrokerId(7)
                        .setIncarnationId(ID)
                        .setClusterId(node.getClusterId())
                        .addEndpoints(endpoint("CLIENT", "127.0.0.1", 9092))
                        .addEndpoints(endpoint("NODE", "127.0.0.1", 9094))
                        .build();
        registrationRefused(ErrorCode.INVALID_ARGUMENT, good.toBuilder().setIncarnationId(NO_ID));
        registrationRefused(ErrorCode.INVALID_ARGUMENT, good.toBuilder().addDirectoryIds(NO_ID));
        registrationRefused(ErrorCode.INVALID_ARGUMENT, good.toBuilder().setBrokerId(-1));
        registrationRefused(ErrorCode.INVALID_ARGUMENT, good.toBuilder().clearEndpoints());
        registrationRefused(
                ErrorCode.INVALID_ARGUMENT,
                good.toBuilder().setEndpoints(0, endpoint("CLIENT", "127.0.0.1", 99_999)));
        registrationRefused(
                ErrorCode.INVALID_ARGUMENT,
                good.toBuilder().setEndpoints(0, endpoint("CLIENT", "", 9092)));
        registrationRefused(ErrorCode.CLUSTER_MISMATCH, good.toBuilder().setClusterId("another"));
        registrationRefused(ErrorCode.INVALID_ARGUMENT, good.toBuilder().setBrokerId(0));
    }

    private static EndpointRecord endpoint(String listener, String host, int port) {
        return EndpointRecord.newBuilder()
                .setListener(listener)
                .setHost(host)
                .setPort(port)
                .setProtocol("PLAINTEXT")
                .build();
    }

    private static void registrationRefused(ErrorCode code, BrokerRegistration.Builder said) {
        sessionRefused(code, SessionRequest.newBuilder().setRegistration(said));
    }

    private static void sessionRefused(ErrorCode code, SessionRequest.Builder first) {
        Session session = new Session();
        ControllerServiceGrpc.newStub(channel).session(session);
        Objects.requireNonNull(session.requests).onNext(first.build());
        refused(
                code,
                () -> {
                    throw session.awaitEnd();
                });
    }

    /** A broker's end of a session. */
    private static final class Session
            implements ClientResponseObserver<SessionRequest, SessionResponse> {
        private final CompletableFuture<Throwable> end = new CompletableFuture<>();
        private ClientCallStreamObserver<SessionRequest> requests;

        @Override
        public void beforeStart(ClientCallStreamObserver<SessionRequest> stream) {
            requests = stream;
        }

        @Override
        public void onNext(SessionResponse answer) {
            end.complete(new AssertionError("was answered " + answer));
        }

        @Override
        public void onError(Throwable failure) {
            end.complete(failure);
        }

        @Override
        public void onCompleted() {
            end.complete(new AssertionError("ended in good order"));
        }

        Throwable awaitEnd() throws Exception {
            return end.get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void onlyARegisteredBrokerAsksTheController() {
        var controller = ControllerServiceGrpc.newBlockingStub(channel);
        refused(
                ErrorCode.FENCED_BROKER_EPOCH,
                () ->
                        controller.allocateProducerIds(
                                AllocateProducerIdsRequest.newBuilder()
                                        .setBrokerId(0)
                                        .setBrokerEpoch(-5)
                                        .build()));
        AlterPartitionsRequest proposal =
                AlterPartitionsRequest.newBuilder()
                        .setBrokerId(0)
                        .setBrokerEpoch(Long.MAX_VALUE)
                        .addProposals(
                                PartitionProposal.newBuilder()
                                        .setTopicId(ID)
                                        .setPartition(-1)
                                        .addMembers(IsrMember.newBuilder().setBrokerId(0))
                                        .addMembers(IsrMember.newBuilder().setBrokerId(0)))
                        .build();
        refused(ErrorCode.FENCED_BROKER_EPOCH, () -> controller.alterPartitions(proposal));
        AlterPartitionsRequest.Builder noTopic = proposal.toBuilder();
        noTopic.getProposalsBuilder(0).setTopicId(NO_ID);
        refused(ErrorCode.INVALID_ARGUMENT, () -> controller.alterPartitions(noTopic.build()));
    }

    @Test
    void whoKnowsNothingThatCanBeIsSentAll() {
        for (long index : new long[] {-1, Long.MIN_VALUE}) {
            Iterator<FollowResponse> feed =
                    MetadataFeedServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                            .follow(
                                    FollowRequest.newBuilder()
                                            .setNodeId(-1)
                                            .setLastIndex(index)
                                            .setLastTerm(index)
                                            .build());
            long applied = feed.next().getIndex();
            FollowResponse next = feed.next();
            while (next.getIndex() < applied || next.hasHeartbeat()) {
                next = feed.next();
            }
        }
    }

    @Test
    void onlyTheIncarnationThatIsAskedForSaysWhereItsLogsEnd() {
        var storage = StorageServiceGrpc.newBlockingStub(channel);
        refused(
                ErrorCode.FENCED_BROKER_EPOCH,
                () ->
                        storage.describeReplicas(
                                DescribeReplicasRequest.newBuilder()
                                        .setBrokerEpoch(-7)
                                        .addReplicas(ReplicaId.newBuilder().setTopicId(NO_ID))
                                        .build()));
    }
}
