package io.kq.broker.config;

import static io.kq.broker.config.NodeKeys.BROKER_SESSION_TIMEOUT;
import static io.kq.broker.config.NodeKeys.NODE_ID;
import static io.kq.broker.config.NodeKeys.NUM_PARTITIONS;
import static io.kq.broker.config.NodeKeys.RACK_ID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.broker.config.Settings.Origin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where settings come from, and what happens to those that nobody knows. */
class ConfigSourcesTest {

    @TempDir Path directory;

    private Settings read(String file, Map<String, String> environment, String... overrides)
            throws IOException {
        Path path = directory.resolve("kq.properties");
        Files.writeString(path, file, UTF_8);
        return ConfigSources.ofNode().read(Optional.of(path), environment, List.of(overrides));
    }

    private static StartRefusedException refusal(ThrowingRead read) {
        return catchThrowableOfType(StartRefusedException.class, read::run);
    }

    private interface ThrowingRead {
        void run() throws Exception;
    }

    private static Origin origin(Settings settings, ConfigKey<?> key) {
        return Objects.requireNonNull(settings.all().get(key)).origin();
    }

    @Test
    void refusesASettingThatWasLeftEmptyThoughItNeedsAValue() throws IOException {
        StartRefusedException refused =
                refusal(() -> read("", Map.of("KQ_CONF_NUM_PARTITIONS", " ")));
        assertThat(refused.forPeople())
                .isEqualTo(
                        "error: num.partitions has an empty value. [INVALID_CONFIG]\n"
                                + "  next: give it a number or remove it (default 1); it was set"
                                + " by KQ_CONF_NUM_PARTITIONS");
        for (ConfigKey<?> key : NodeKeys.ALL) {
            if (key.defaultText().isEmpty()) {
                assertThat(read(key.name() + "=\n", Map.of()).find(key)).isEmpty();
            } else {
                assertThat(refusal(() -> read(key.name() + "=\n", Map.of())).reason())
                        .as(key.name())
                        .isEqualTo("INVALID_CONFIG");
            }
        }
    }

    @Test
    void overridesGoBeforeEnvironmentBeforeFileBeforeDefault() throws IOException {
        String file = "num.partitions=2\nrack.id=file\nbroker.session.timeout = 4s\n";
        Map<String, String> environment =
                Map.of("KQ_CONF_NUM_PARTITIONS", "3", "KQ_CONF_RACK_ID", "env");
        Settings settings = read(file, environment, "num.partitions=4");
        assertThat(settings.get(NUM_PARTITIONS)).isEqualTo(4);
        assertThat(settings.find(RACK_ID)).contains("env");
        assertThat(settings.get(BROKER_SESSION_TIMEOUT)).isEqualTo(Duration.ofSeconds(4));
        assertThat(settings.find(NODE_ID)).isEmpty();
        assertThat(origin(settings, NUM_PARTITIONS)).isEqualTo(Origin.OVERRIDE);
        assertThat(origin(settings, RACK_ID)).isEqualTo(Origin.ENVIRONMENT);
        assertThat(origin(settings, BROKER_SESSION_TIMEOUT)).isEqualTo(Origin.FILE);
        assertThat(origin(settings, NODE_ID)).isEqualTo(Origin.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "num.partition,num.partitions",
        "node.di,node.id",
        "broker.id,node.id",
        "log.dirs,data.dirs",
        "log.retention.hours,log.retention=168h",
        "log.retention.ms,log.retention",
        "controller.quorum.voters,metadata.peers"
    })
    void unknownKeyIsRefusedWithWhatWasMeant(String written, String meant) {
        StartRefusedException refusal = refusal(() -> read(written + "=1\n", Map.of()));
        assertThat(refusal.exitCode()).isEqualTo(2);
        assertThat(refusal.reason()).isEqualTo("UNKNOWN_CONFIG");
        assertThat(refusal).hasMessageContaining(written).hasMessageContaining(meant + "?");
    }

    @Test
    void zookeeperIsRefusedInPlainWords() {
        assertThat(refusal(() -> read("zookeeper.connect=z:2181\n", Map.of())))
                .hasMessageContaining("kq has no ZooKeeper");
    }

    @Test
    void unknownVariableIsRefusedWithWhatWasMeant() {
        StartRefusedException refusal =
                refusal(() -> read("", Map.of("KQ_CONF_NUM_PARTITION", "3")));
        assertThat(refusal).hasMessageContaining("KQ_CONF_NUM_PARTITIONS?");
    }

    @Test
    void otherVariablesAreNotSettings() throws IOException {
        Settings settings =
                read("", Map.of("KQ_BOOTSTRAP_SERVER", "a:1", "KQ_PORT_9092_TCP", "x", "PATH", ""));
        assertThat(settings.all().values())
                .allSatisfy(setting -> assertThat(setting.origin()).isEqualTo(Origin.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"node.id", "=1", ""})
    void overrideWithoutKeyOrValueIsRefused(String override) {
        assertThatThrownBy(() -> read("", Map.of(), override))
                .isInstanceOf(StartRefusedException.class);
    }

    @Test
    void wrongValueIsRefusedWithRangeAndOrigin() {
        StartRefusedException refusal =
                refusal(() -> read("", Map.of("KQ_CONF_NUM_PARTITIONS", "0")));
        assertThat(refusal).hasMessage("num.partitions=0 is out of range (1 .. 10000)");
        assertThat(refusal.next()).contains("set by KQ_CONF_NUM_PARTITIONS");
    }

    @Test
    void missingFileIsRefused() {
        assertThat(
                        refusal(
                                () ->
                                        ConfigSources.ofNode()
                                                .read(
                                                        Optional.of(directory.resolve("none")),
                                                        Map.of(),
                                                        List.of())))
                .hasMessageContaining("does not exist");
    }

    @Test
    void everyDefaultIsAValidValue() throws IOException {
        Settings settings = read("", Map.of());
        for (ConfigKey<?> key : NodeKeys.ALL) {
            assertThat(settings.find(key).isPresent())
                    .as(key.name())
                    .isEqualTo(!key.defaultText().isEmpty());
            assertThat(key.doc()).as(key.name()).endsWith(".");
        }
    }

    @Test
    void keysAndVariablesAreUnique() {
        Set<String> names = new HashSet<>();
        for (ConfigKey<?> key : NodeKeys.ALL) {
            assertThat(names.add(key.name())).as(key.name()).isTrue();
            assertThat(names.add(key.variable())).as(key.variable()).isTrue();
        }
    }
}
