package io.kq.broker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What people may write as the value of a setting. */
class ConfigTypeTest {

    private static final ConfigType<Long> SIZE = ConfigType.bytes(1, 1L << 40, "1 .. 1TiB");
    private static final ConfigType<Duration> DURATION =
            ConfigType.duration(Duration.ZERO, Duration.ofDays(365), "0 .. 365d");

    @ParameterizedTest
    @CsvSource({
        "1048588,1048588",
        "1B,1",
        "64KiB,65536",
        "64kib,65536",
        "1 GiB,1073741824",
        "1TiB,1099511627776",
        "1kB,1000",
        "5MB,5000000",
        "1GB,1000000000"
    })
    void readsSizes(String text, long bytes) {
        assertThat(SIZE.parser().apply(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "KiB", "1.5GiB", "1Gibi", "0", "-1", "2TiB", "99999999999999999TiB"})
    void refusesOtherSizes(String text) {
        assertThatThrownBy(() -> SIZE.parser().apply(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "500,500",
        "500ms,500",
        "10s,10000",
        "10 S,10000",
        "2m,120000",
        "1h,3600000",
        "7d,604800000",
        "0,0"
    })
    void readsDurations(String text, long millis) {
        assertThat(DURATION.parser().apply(text)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "1w", "-1s", "366d", "99999999999999999999s", "9e18d"})
    void refusesOtherDurations(String text) {
        assertThatThrownBy(() -> DURATION.parser().apply(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9092,127.0.0.1,9092,127.0.0.1:9092",
        "kq-0.kq:9094,kq-0.kq,9094,kq-0.kq:9094",
        "[::1]:0,::1,0,[::1]:0",
        "0.0.0.0:65535,0.0.0.0,65535,0.0.0.0:65535"
    })
    void readsAddresses(String text, String host, int port, String again) {
        HostPort address = HostPort.parse(text);
        assertThat(address).isEqualTo(new HostPort(host, port));
        assertThat(address).hasToString(again);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "9092",
                ":9092",
                "host",
                "host:",
                "host:x",
                "host:65536",
                "host:-1",
                "::1:9092",
                "PLAINTEXT://host:9092",
                "ho st:9092"
            })
    void refusesOtherAddresses(String text) {
        assertThatThrownBy(() -> HostPort.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a:1",
                "@a:1",
                "x@a:1",
                "-1@a:1",
                "0@a:1,0@b:1",
                "0@a:1,1@b:1",
                "0@a:1,",
                "0@a"
            })
    void refusesPeersThatAreNoQuorum(String text) {
        assertThatThrownBy(() -> ConfigType.peers().parser().apply(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsPeers() {
        assertThat(ConfigType.peers().parser().apply("0@a:1, 1@b:2,2@[::1]:3"))
                .hasToString("[0@a:1, 1@b:2, 2@[::1]:3]");
    }

    @Test
    void readsAShareOfTheWhole() {
        ConfigType<Long> type = ConfigType.bytesOrShare(1000, "the heap", 10, "at least 10");
        assertThat(type.parser().apply("25%")).isEqualTo(250);
        assertThat(type.parser().apply("1%")).isEqualTo(10);
        assertThat(type.parser().apply("1KiB")).isEqualTo(1024);
        assertThatThrownBy(() -> type.parser().apply("101%")).hasMessageContaining("out of range");
        assertThatThrownBy(() -> type.parser().apply("9")).hasMessageContaining("out of range");
    }

    @Test
    void readsNodeIds() {
        assertThat(ConfigType.nodeId(9).parser().apply("auto")).isEmpty();
        assertThat(ConfigType.nodeId(9).parser().apply("9")).isEqualTo(Optional.of(9));
        assertThatThrownBy(() -> ConfigType.nodeId(9).parser().apply("10"))
                .hasMessageContaining("out of range");
    }

    @Test
    void knowsWhatIsLoopback() {
        assertThat(new HostPort("127.8.0.1", 1).isLoopback()).isTrue();
        assertThat(new HostPort("localhost", 1).isLoopback()).isTrue();
        assertThat(new HostPort("::1", 1).isLoopback()).isTrue();
        assertThat(new HostPort("0.0.0.0", 1).isLoopback()).isFalse();
        assertThat(new HostPort("127.0.0.1.example", 1).isLoopback()).isFalse();
    }
}
