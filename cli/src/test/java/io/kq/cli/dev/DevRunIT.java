package io.kq.cli.dev;

import static io.kq.runtime.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kq.cli.shell.Interrupts;
import io.kq.cli.shell.Terminal;
import io.kq.runtime.Clock;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kq dev} as a user sees it, with processes that only pretend to be nodes. */
class DevRunIT {

    private final Interrupts interrupts = Interrupts.manual();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private @Nullable CompletableFuture<Void> run;

    @TempDir private Path temporary;

    @AfterEach
    void stop() {
        if (run != null) {
            interrupts.fire();
            run.exceptionally(failure -> null).join();
        }
    }

    @Test
    void saysWhereTheBrokersAreAndWhatToTry() throws Exception {
        int base = freeBase();
        start(new DevRun.Wish(2, base, false, List.of(), NodeLauncher.LogLevel.info));
        eventually("it is ready", () -> out.toString(UTF_8).contains("try:"));

        assertThat(out.toString(UTF_8).replaceAll("in \\d+\\.\\d s", "in N s"))
                .isEqualTo(
                        """
                        kq dev: cluster 7Jq ready in N s   brokers 0@127.0.0.1:%d,1@127.0.0.1:%d
                          first: export KQ_BOOTSTRAP_SERVER=127.0.0.1:%d
                          try: kq topics --create --topic hello --partitions 3   |   kq produce -t hello   |   kq consume -t hello --from-beginning
                        """
                                .formatted(base, base + 10, base));
        assertThat(err.toString(UTF_8)).isEmpty();
    }

    @Test
    void tellsScriptsWhichProcessesItStarted() throws Exception {
        start(new DevRun.Wish(2, freeBase(), false, List.of(), NodeLauncher.LogLevel.info));
        eventually("it is ready", () -> out.toString(UTF_8).contains("try:"));

        Properties facts = new Properties();
        facts.load(Files.newBufferedReader(data().resolve(DevDirectory.MARK)));
        assertThat(facts).containsEntry("cluster.id", "7Jq").containsEntry("brokers", "2");
        long pid = Long.parseLong(facts.getProperty("node.1.pid"));
        assertThat(ProcessHandle.of(pid)).hasValueSatisfying(p -> assertThat(p.isAlive()).isTrue());

        interrupts.fire();

        assertThat(ProcessHandle.of(pid)).isEmpty();
    }

    @Test
    void refusesFewerBrokersThanTheDataHasAndTakesThemFresh() throws Exception {
        int base = freeBase();
        try (DevDirectory directory = DevDirectory.open(data())) {
            directory.remember(DevState.born(3, base), Map.of());
            Files.createDirectories(data().resolve("node-2"));
            DevRun.Wish one =
                    new DevRun.Wish(1, null, false, List.of(), NodeLauncher.LogLevel.info);
            assertThatThrownBy(() -> newRun().run(directory, one))
                    .hasMessageContaining("The data is of 3 brokers");
        }

        start(new DevRun.Wish(1, base, true, List.of(), NodeLauncher.LogLevel.info));
        eventually("it is ready", () -> out.toString(UTF_8).contains("try:"));

        assertThat(err.toString(UTF_8)).contains("deleted the data of 1 node(s)");
        assertThat(data().resolve("node-2")).doesNotExist();
    }

    @Test
    void comesBackAsItWas() throws Exception {
        DevState former = DevState.born(4, 19_092);
        DevRun.Wish nothing =
                new DevRun.Wish(null, null, false, List.of(), NodeLauncher.LogLevel.info);

        assertThat(nothing.state(java.util.Optional.of(former))).isEqualTo(former);
        assertThat(nothing.state(java.util.Optional.empty())).isEqualTo(DevState.born(1, 9092));
    }

    private void start(DevRun.Wish wish) {
        run =
                CompletableFuture.runAsync(
                        () -> {
                            try (DevDirectory directory = DevDirectory.open(data())) {
                                newRun().run(directory, wish);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        });
    }

    private DevRun newRun() {
        Terminal terminal =
                new Terminal(
                        InputStream.nullInputStream(),
                        out,
                        err,
                        Terminal.Tty.NONE,
                        Map.of(),
                        Clock.system(),
                        interrupts);
        return new DevRun(terminal, DevClusterIT.launcher());
    }

    private Path data() {
        return temporary.resolve("data");
    }

    /**
     * A port with free ones above it; never the default one, where a developer's cluster may be.
     */
    private static int freeBase() throws Exception {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Math.min(any.getLocalPort(), 60_000);
        }
    }
}
