package io.kq.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.config.ConfigSources;
import io.kq.broker.config.Host;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.StartRefusedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings against each other. */
class NodeConfigTest {

    private static final Host LAPTOP = new Host("laptop", "laptop.local", false);
    private static final Host POD = new Host("kq-2", "kq-2.kq.default.svc", true);
    private static final String THREE = "metadata.peers=0@a:1,1@b:1,2@c:1";

    private static NodeConfig config(Host host, String... settings) {
        return NodeConfig.from(
                ConfigSources.ofNode().read(Optional.empty(), Map.of(), List.of(settings)), host);
    }

    private static StartRefusedException refusal(Host host, String... settings) {
        return catchThrowableOfType(StartRefusedException.class, () -> config(host, settings));
    }

    @Test
    void loneNodeNeedsItsIdOnly() {
        NodeConfig config = config(LAPTOP, "node.id=7");
        assertThat(config.quorum().isVoter()).isTrue();
        assertThat(config.quorum().peers()).hasToString("[7@127.0.0.1:9094]");
        assertThat(config.listeners().client()).hasToString("127.0.0.1:9092");
        assertThat(config.serving().reflection()).isFalse();
    }

    @Test
    void nodeIdIsRequiredOutsideOfAPod() {
        assertThat(refusal(LAPTOP).reason()).isEqualTo("MISSING_CONFIG");
        assertThat(refusal(LAPTOP, "node.id=auto")).hasMessageContaining("outside of a pod");
    }

    @Test
    void podTakesItsOrdinal() {
        assertThat(config(POD, "node.id=auto").nodeId()).isEqualTo(2);
        assertThat(config(POD, "node.id=auto", "node.id.offset=101").nodeId()).isEqualTo(103);
        Host nameless = new Host("kq", "kq", true);
        assertThat(refusal(nameless, "node.id=auto")).hasMessageContaining("'kq'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"listeners", "node.listener", "metadata.listener", "admin.listener"})
    void listenerOffLoopbackIsRefusedUnlessInsecureIsSaid(String key) {
        StartRefusedException refusal = refusal(LAPTOP, "node.id=0", key + "=0.0.0.0:1234");
        assertThat(refusal.reason()).isEqualTo("INSECURE_LISTENER");
        assertThat(refusal.exitCode()).isEqualTo(2);
        NodeConfig config =
                config(LAPTOP, "node.id=0", key + "=0.0.0.0:1234", "security.insecure=true");
        assertThat(config.listeners().insecure()).isTrue();
    }

    @Test
    void nodeThatIsNoPeerIsABrokerOnly() {
        assertThat(config(LAPTOP, "node.id=3", THREE).quorum().isVoter()).isFalse();
        assertThat(config(LAPTOP, "node.id=2", THREE).quorum().isVoter()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"2,broker", "3,'broker,metadata'"})
    void rolesThatContradictThePeersAreRefused(int id, String roles) {
        assertThat(refusal(LAPTOP, "node.id=" + id, THREE, "process.roles=" + roles))
                .hasMessageContaining("process.roles");
    }

    @Test
    void peerIsAdvertisedAsThePeersSay() {
        NodeConfig config = config(LAPTOP, "node.id=1", THREE);
        assertThat(config.listeners().advertisedNode()).contains(new HostPort("b", 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"node.listener", "metadata.listener"})
    void severalVotersNeedFixedPorts(String key) {
        assertThat(refusal(LAPTOP, "node.id=1", THREE, key + "=127.0.0.1:0"))
                .hasMessageContaining("fixed ports");
    }

    @Test
    void peerThatCannotBeDialledIsRefused() {
        assertThat(refusal(LAPTOP, "node.id=0", "metadata.peers=0@a:1,1@0.0.0.0:1,2@c:1"))
                .hasMessageContaining("1@0.0.0.0:1");
    }

    @Test
    void dataDirectoriesKeepTheirOrder() {
        NodeConfig config = config(LAPTOP, "node.id=0", "data.dirs=/b, /a/../c,/a");
        assertThat(config.dataDirectories())
                .containsExactly(Path.of("/b"), Path.of("/c"), Path.of("/a"));
        assertThat(config.dataDirectory()).isEqualTo(Path.of("/b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a,/a", "/a,/a/b", "/a/b,/c,/a", "/a,,/b", ",", "/a,"})
    void dataDirectoriesMustBeApart(String directories) {
        assertThat(refusal(LAPTOP, "node.id=0", "data.dirs=" + directories))
                .hasMessageContaining("data.dirs");
    }

    @Test
    void heartbeatsMustFitIntoTheSession() {
        assertThat(
                        refusal(
                                LAPTOP,
                                "node.id=0",
                                "broker.heartbeat.interval=2s",
                                "broker.session.timeout=3s"))
                .hasMessageContaining("half");
    }

    @Test
    void wildcardsAreAdvertisedByTheHostsName() {
        NodeConfig config =
                config(
                        POD,
                        "node.id=auto",
                        "metadata.peers=0@kq-0.kq:9094,1@kq-1.kq:9094,2@kq-2.kq:9094",
                        "listeners=0.0.0.0:9092",
                        "node.listener=0.0.0.0:9094",
                        "metadata.listener=0.0.0.0:9093",
                        "security.insecure=true");
        NodeAddresses addresses = NodeAddresses.of(config.listeners(), 9092, 9094, POD);
        assertThat(addresses.client()).hasToString("kq-2.kq.default.svc:9092");
        assertThat(addresses.node()).hasToString("kq-2.kq:9094");
        assertThat(addresses.loopNode()).hasToString("127.0.0.1:9094");
        assertThat(NodeAddresses.raft(config, config.listeners().metadata(), POD))
                .hasToString("kq-2.kq:9093");
    }

    @Test
    void freePortsAreAdvertisedAsOpened() {
        NodeConfig config =
                config(LAPTOP, "node.id=0", "listeners=127.0.0.1:0", "node.listener=127.0.0.1:0");
        NodeAddresses addresses = NodeAddresses.of(config.listeners(), 1111, 2222, LAPTOP);
        assertThat(addresses.client()).hasToString("127.0.0.1:1111");
        assertThat(addresses.node()).hasToString("127.0.0.1:2222");
    }
}
