package io.kq.system;

import io.kq.system.harness.Cluster;
import io.kq.system.harness.Shell;
import io.kq.system.session.SessionPlayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user types and sees, byte for byte: each file of {@code sessions} with a new node. */
class SessionsIT {

    private static final Path SESSIONS = Path.of("src/test/resources/sessions");

    static Stream<String> sessions() throws IOException {
        try (Stream<Path> files = Files.list(SESSIONS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".txt"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void isAnsweredAsWritten(String session, @TempDir Path directory) throws IOException {
        try (Cluster cluster = Cluster.start(directory.resolve("cluster"), 1)) {
            new SessionPlayer(
                            session,
                            Shell.in(directory).against(cluster),
                            cluster.node(0).address())
                    .play(Files.readString(SESSIONS.resolve(session)));
        }
    }
}
