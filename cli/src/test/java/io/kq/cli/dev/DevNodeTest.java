package io.kq.cli.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DevNodeTest {

    private static final Path DATA = Path.of("/data");

    @Test
    void portsOfNeighboursAreTenApart() {
        List<DevNode> nodes = DevNode.all(DATA, DevState.born(3, 9092));

        assertThat(nodes.get(0).ports().values()).containsExactly(9092, 9093, 9094, 9095);
        assertThat(nodes.get(2).ports().values()).containsExactly(9112, 9113, 9114, 9115);
    }

    @Test
    void everyNodeKnowsAllVotersByTheirNodePort() throws IOException {
        List<DevNode> nodes = DevNode.all(DATA, DevState.born(4, 9092));

        for (DevNode node : nodes) {
            assertThat(settings(node, nodes))
                    .containsEntry(
                            "metadata.peers", "0@127.0.0.1:9094,1@127.0.0.1:9104,2@127.0.0.1:9114");
        }
        assertThat(settings(nodes.get(2), nodes)).containsEntry("process.roles", "broker,metadata");
        assertThat(settings(nodes.get(3), nodes)).containsEntry("process.roles", "broker");
    }

    @Test
    void settingsAreCompleteSoThatTheNodeStartsFromThemAlone() throws IOException {
        List<DevNode> nodes = DevNode.all(DATA, DevState.born(1, 19_092));

        assertThat(settings(nodes.get(0), nodes))
                .containsEntry("node.id", "0")
                .containsEntry("data.dirs", "/data/node-0")
                .containsEntry("listeners", "127.0.0.1:19092")
                .containsEntry("advertised.listeners", "127.0.0.1:19092")
                .containsEntry("metadata.listener", "127.0.0.1:19093")
                .containsEntry("node.listener", "127.0.0.1:19094");
    }

    private static Properties settings(DevNode node, List<DevNode> all) throws IOException {
        Properties settings = new Properties();
        settings.load(new StringReader(node.config(all)));
        return settings;
    }
}
