package io.kq.broker.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.broker.config.ConfigSources;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.Listener;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.config.Settings;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.doubles.HandMadeMetadata;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AdminServerTest {

    private static final int NODE = 1;

    private final HandMadeMetadata metadata = new HandMadeMetadata();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Optional<String> notReady = Optional.of("not an active member");
    private AdminServer server;

    @BeforeEach
    void open() throws IOException {
        NodeMetrics metrics =
                new NodeMetrics(
                        NODE,
                        metadata,
                        partition -> Optional.of(Map.of(2, 10L * partition.partition(), 3, 1L)),
                        2);
        server =
                AdminServer.open(
                        new Listener("admin.listener", new HostPort("127.0.0.1", 0)),
                        metrics,
                        () -> notReady);
    }

    @AfterEach
    void close() {
        server.close();
    }

    private HttpResponse<String> ask(String method, String path)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return ask("GET", path);
    }

    @Test
    void aLivingNodeIsReadyWhenItSaysSo() throws Exception {
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).isEqualTo("not ready: not an active member\n");
        notReady = Optional.empty();
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsTellOfWhatIsLedHereAndWhoLags() throws Exception {
        metadata.topic("t", Map.of(), NODE, 2, NODE);
        metadata.lead("t", 2, 2, List.of(NODE, 2, 3));
        metadata.lead("t", 2, NODE, List.of(NODE, 2, 3));
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.headers().firstValue("Content-Type").orElse(""))
                .startsWith("text/plain; version=0.0.4");
        assertThat(metrics.body().lines())
                .contains(
                        "kq_replication_leaders 2.0",
                        "kq_replication_under_replicated_partitions 1.0",
                        "kq_replication_under_min_isr_partitions 1.0",
                        "kq_replication_elections_total 1.0",
                        "kq_replication_lag_max_records 20.0",
                        "kq_controller_active 0.0")
                .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
    }

    @Test
    void onlyThePartitionsThatLagMostHaveMetersOfTheirOwn() throws Exception {
        metadata.topic("t", Map.of(), NODE, 2, NODE);
        assertThat(
                        get("/metrics")
                                .body()
                                .lines()
                                .filter(l -> l.startsWith("kq_replication_lag_records{")))
                .hasSize(2)
                .contains(
                        "kq_replication_lag_records{partition=\"2\",replica=\"2\",topic=\"t\"}"
                                + " 20.0");
    }

    @Test
    void nothingElseIsServed() throws Exception {
        assertThat(get("/metrics/x").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
        HttpResponse<String> posted = ask("POST", "/livez");
        assertThat(posted.statusCode()).isEqualTo(405);
        assertThat(posted.headers().firstValue("Allow")).hasValue("GET, HEAD");
        assertThat(ask("HEAD", "/livez").statusCode()).isEqualTo(200);
    }

    private Optional<AdminServer> second(String... settings) {
        Settings read = ConfigSources.ofNode().read(Optional.empty(), Map.of(), List.of(settings));
        NodeMetrics metrics = new NodeMetrics(NODE, metadata, partition -> Optional.empty(), 2);
        return AdminServer.ofSettings(read, metrics, () -> notReady);
    }

    @Test
    void aPortThatWasAskedForAndIsTakenIsRefused() {
        assertThatThrownBy(() -> second("admin.listener=127.0.0.1:" + server.port()))
                .isInstanceOfSatisfying(
                        StartRefusedException.class,
                        e ->
                                assertThat(e.forPeople())
                                        .contains(
                                                "is taken", "set admin.listener to another port"));
    }

    @Test
    void goesWithoutTheUsualPortIfAnotherNodeHasIt() throws IOException {
        HostPort usual = HostPort.parse(NodeKeys.ADMIN_LISTENER.defaultText());
        // Where somebody on this machine has it already, so much the better.
        try (ServerSocket taken = new ServerSocket()) {
            try {
                taken.bind(new InetSocketAddress(usual.host(), usual.port()));
            } catch (BindException alreadyTaken) {
                assertThat(taken.isBound()).isFalse();
            }
            assertThat(second()).isEmpty();
        }
    }
}
