package io.kq.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples, with each partition on another broker. */
class ThreeBrokersIT {

    private static final Path EXAMPLES = Path.of("../examples").toAbsolutePath().normalize();

    @TempDir private static Path directory;

    private static Cluster cluster;
    private static Shell shell;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(directory.resolve("cluster"), 3);
        shell = Shell.in(directory).against(cluster);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void eachTruckIsReadInTheOrderInWhichItDrove() {
        String line = EXAMPLES + "/run.sh TrucksGps " + cluster.bootstrap() + " 20 100";
        for (int time = 0; time < 2; time++) {
            Ran ran = shell.run(line);
            assertThat(ran.err()).isEmpty();
            assertThat(ran.exitCode()).isZero();
            assertThat(ran.out())
                    .isEqualTo(
                            """
                            sent 2000 positions of 20 trucks to 3 partitions
                            read 2000 positions, each truck's in order
                            """);
        }
    }

    @Test
    void exampleThatIsMisusedSaysSo() {
        Refusal.check(shell.run(EXAMPLES + "/run.sh"), 2);
        Refusal.check(shell.run(EXAMPLES + "/run.sh TrukcsGps"), 2);
        Refusal.check(shell.run(EXAMPLES + "/run.sh TrucksGps 127.0.0.1:9092 many"), 2);
        Refusal.check(shell.run(EXAMPLES + "/python/run.sh"), 2);
    }

    @Test
    void pythonNeedsNothingButTheProtoFiles() {
        for (String tool :
                new String[] {
                    "command -v protoc",
                    "command -v grpc_python_plugin",
                    "/usr/bin/python3 -c 'import grpc, google.protobuf'"
                }) {
            assumeTrue(shell.run(tool).exitCode() == 0, "fails here: " + tool);
        }
        String line = EXAMPLES + "/python/run.sh " + cluster.node(0).address() + " from_python";
        Ran ran = shell.run(line);
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .isEqualTo(
                        """
                        created from_python with 3 partitions
                        acknowledged 100
                        read back 100 records of 5 trucks, each in order: True
                        """);

        Ran again = shell.run(line);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err()).matches("error: .*already exists.* \\[TOPIC_ALREADY_EXISTS]\n");
    }
}
