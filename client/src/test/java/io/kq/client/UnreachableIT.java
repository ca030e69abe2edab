package io.kq.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.client.fake.FakeCluster;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Threads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a person is told where no node is: why, for each address, and soon. */
@Timeout(60)
class UnreachableIT {

    /** What a server that is no kq node does with a connection. */
    private interface Behaviour {
        void meet(Socket socket) throws IOException;
    }

    /** A port with something else behind it. */
    private static final class OtherServer implements AutoCloseable {
        private final ServerSocket server;
        private final List<Socket> met = new ArrayList<>();
        private final ExecutorService thread = Threads.single("other-server");

        OtherServer(Behaviour behaviour) throws IOException {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            thread.execute(
                    () -> {
                        while (!server.isClosed()) {
                            try {
                                Socket socket = server.accept();
                                met.add(socket);
                                behaviour.meet(socket);
                            } catch (IOException closed) {
                                // The next one, or the end.
                            }
                        }
                    });
        }

        String address() {
            return "127.0.0.1:" + server.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            server.close();
            thread.shutdownNow();
            for (Socket socket : met) {
                socket.close();
            }
        }
    }

    private static ClientConfig config(List<String> addresses, Duration timeout) {
        return new ClientConfig(addresses, "test", timeout);
    }

    private static RejectedException failure(String address, Duration timeout) {
        try (KqAdmin admin = KqAdmin.open(config(List.of(address), timeout))) {
            CompletionException failed =
                    catchThrowableOfType(
                            CompletionException.class, () -> admin.listTopics().join());
            RejectedException why = (RejectedException) Objects.requireNonNull(failed.getCause());
            assertThat(why.code()).isEqualTo(ErrorCode.UNREACHABLE);
            assertThat(why).hasMessage("no broker answered.");
            return why;
        }
    }

    private static String unusedAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    /** An answer that comes ends the wait; a busy machine takes its time. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void saysThatTheConnectionWasRefusedAndHowOften() throws Exception {
        String address = unusedAddress();
        RejectedException why = failure(address, Duration.ofSeconds(10));
        assertThat(why.definite()).isTrue();
        assertThat(why.metadata().get(address))
                .matches("connection refused \\(3 tries, [45]\\.\\d s\\)");
    }

    @Test
    void givesUpWithinTheRequestTimeout() throws Exception {
        String address = unusedAddress();
        RejectedException why = failure(address, Duration.ofMillis(300));
        assertThat(why.metadata().get(address)).startsWith("connection refused (1 try, 0.");
    }

    @Test
    void saysThatAWebServerDoesNotSpeakGrpc() throws Exception {
        Behaviour http1 =
                socket -> {
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                    socket.getOutputStream().flush();
                };
        try (OtherServer server = new OtherServer(http1)) {
            RejectedException why = failure(server.address(), PATIENCE);
            assertThat(why.metadata().get(server.address())).startsWith("does not speak gRPC");
        }
    }

    @Test
    void saysThatTheConnectionWasClosedAsAKafkaBrokerDoes() throws Exception {
        Behaviour kafka =
                socket -> {
                    int unused = socket.getInputStream().read(new byte[16]);
                    socket.close();
                };
        try (OtherServer server = new OtherServer(kafka)) {
            RejectedException why = failure(server.address(), PATIENCE);
            assertThat(why.metadata().get(server.address()))
                    .startsWith("closes the connection at once");
        }
    }

    @Test
    void saysThatNothingIsHeardWhereTheConnectionIsOnlyAccepted() throws Exception {
        try (OtherServer server = new OtherServer(socket -> {})) {
            RejectedException why = failure(server.address(), Duration.ofSeconds(3));
            assertThat(why.definite()).isTrue();
            assertThat(why.metadata().get(server.address()))
                    .startsWith("accepts the connection but does not answer");
        }
    }

    @Test
    void saysThatTheHostIsUnknown() {
        RejectedException why = failure("no-such-host.invalid:9092", Duration.ofSeconds(2));
        assertThat(why.metadata().get("no-such-host.invalid:9092")).startsWith("unknown host");
    }

    @Test
    void namesEachAddressThatWasTried() throws Exception {
        String one = unusedAddress();
        try (OtherServer two = new OtherServer(socket -> {});
                KqAdmin admin =
                        KqAdmin.open(config(List.of(one, two.address()), Duration.ofSeconds(3)))) {
            CompletionException failed =
                    catchThrowableOfType(
                            CompletionException.class, () -> admin.listTopics().join());
            assertThat(((RejectedException) Objects.requireNonNull(failed.getCause())).metadata())
                    .containsOnlyKeys(one, two.address());
        }
    }

    @Test
    void asksTheNextAddressWhereTheFirstDoesNotAnswer() throws Exception {
        try (FakeCluster cluster = FakeCluster.start(1);
                OtherServer silent = new OtherServer(socket -> {});
                KqAdmin admin =
                        KqAdmin.open(
                                config(
                                        List.of(
                                                unusedAddress(),
                                                silent.address(),
                                                cluster.address(0)),
                                        Duration.ofSeconds(10)))) {
            cluster.createTopic("t", 1);
            assertThat(admin.listTopics().join()).hasSize(1);
        }
    }

    /** As a node does that the others cannot be reached from: it passes the call on in vain. */
    @Test
    void asksTheNextNodeWhereTheFirstTakesTheCallAndSaysNothing() throws Exception {
        try (FakeCluster cluster = FakeCluster.start(2);
                KqAdmin admin =
                        KqAdmin.open(
                                config(
                                        List.of(cluster.address(0), cluster.address(1)),
                                        Duration.ofSeconds(10)))) {
            cluster.createTopic("t", 1);
            cluster.node(0).setMute(true);
            assertThat(admin.listTopics().join()).hasSize(1);
        }
    }

    @Test
    void producersAndConsumersSayTheSame() throws Exception {
        ClientConfig config = config(List.of(unusedAddress()), Duration.ofMillis(500));
        try (KqProducer producer = KqProducer.open(config, ProducerConfig.defaults());
                KqConsumer consumer = KqConsumer.open(config, ConsumerConfig.defaults())) {
            for (RejectedException why :
                    List.of(
                            catchThrowableOfType(
                                    RejectedException.class, () -> producer.partitionCount("t")),
                            catchThrowableOfType(
                                    RejectedException.class, () -> consumer.partitionsOf("t")))) {
                assertThat(why.code()).isEqualTo(ErrorCode.UNREACHABLE);
                assertThat(why.metadata().get(config.bootstrapServers().get(0)))
                        .startsWith("connection refused (");
            }
        }
    }

    @Test
    void failsSendsThatNobodyTakesAfterTheTimeToBlock() throws Exception {
        ProducerConfig base = ProducerConfig.defaults();
        ProducerConfig impatient =
                new ProducerConfig(
                        base.acks(),
                        base.idempotent(),
                        base.linger(),
                        base.batchBytesMax(),
                        base.bufferBytesMax(),
                        Duration.ofMillis(300),
                        base.deliveryTimeout(),
                        base.compression());
        ClientConfig config = ClientConfig.of(unusedAddress());
        try (KqProducer producer = KqProducer.open(config, impatient)) {
            CompletionException failed =
                    catchThrowableOfType(
                            CompletionException.class,
                            () -> producer.send(ProducerRecord.of("t", new byte[1])).join());
            assertThat(((RejectedException) Objects.requireNonNull(failed.getCause())).code())
                    .isEqualTo(ErrorCode.UNREACHABLE);
        }
    }
}
