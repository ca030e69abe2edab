package io.kq.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.runtime.Threads;
import io.kq.system.harness.Cluster;
import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import io.kq.system.harness.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands for an address where no broker is. They wait at the same time, to save the reader's. */
class NobodyAnswersIT {

    private static final Pattern TRIED =
            Pattern.compile(
                    "error: no broker answered\\. \\[UNREACHABLE\\]  (\\S+) (.+)"
                            + " \\(\\d+ tr(?:y|ies), (\\d+\\.\\d) s\\)");

    private static final String NEXT =
            "  next: kq dev (local), kubectl port-forward svc/kq 9092 (cluster), or set"
                    + " KQ_BOOTSTRAP_SERVER";

    /** A search ends after five seconds; a busy machine adds some. A request could take ten. */
    private static final double SECONDS_MAX = 8;

    @TempDir private Path directory;

    @Test
    void addressAndReasonAreNamedWithinSeconds() throws IOException {
        Shell shell = Shell.in(directory);
        ExecutorService thread = Threads.single("web-server");
        try (Cluster cluster = Cluster.start(directory.resolve("cluster"), 1);
                ServerSocket silent = listen();
                ServerSocket web = listen()) {
            String closed = unusedAddress();
            thread.execute(() -> serveWeb(web));
            String raft = cluster.node(0).setting("metadata.listener");
            Map<Window, String> windows = new LinkedHashMap<>();
            ask(windows, shell, "kq topics --list", closed, "connection refused");
            ask(windows, shell, "echo x | kq produce --topic a", closed, "connection refused");
            ask(windows, shell, "kq consume --topic a", closed, "connection refused");
            ask(windows, shell, "kq cluster health", closed, "connection refused");
            String notAClientPort = "answers gRPC, but not as a client port of kq";
            ask(windows, shell, "kq topics --list", raft, notAClientPort);
            ask(windows, shell, "kq topics --list", address(web), "does not speak gRPC");
            String noAnswer = "accepts the connection but does not answer";
            ask(windows, shell, "kq topics --list", address(silent), noAnswer);

            windows.forEach(NobodyAnswersIT::checkTold);
        } finally {
            thread.shutdownNow();
        }
    }

    private static void ask(
            Map<Window, String> windows, Shell shell, String line, String address, String reason) {
        Window window = shell.open(line + " --bootstrap-server " + address);
        window.endInput();
        windows.put(window, address + " " + reason);
    }

    private static void checkTold(Window window, String expected) {
        try (window) {
            Ran ran = window.awaitRan();
            Refusal.check(ran, 5);
            Matcher tried = TRIED.matcher(ran.errLines().get(0));
            assertThat(tried.matches()).as("%s: %s", ran.line(), ran.err()).isTrue();
            assertThat(tried.group(1) + " " + tried.group(2)).as(ran.line()).isEqualTo(expected);
            assertThat(Double.parseDouble(tried.group(3)))
                    .as("seconds of " + ran.line())
                    .isLessThan(SECONDS_MAX);
            assertThat(ran.errLines().get(1)).as(ran.line()).isEqualTo(NEXT);
        }
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static String unusedAddress() throws IOException {
        try (ServerSocket socket = listen()) {
            return address(socket);
        }
    }

    private static String address(ServerSocket socket) {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private static void serveWeb(ServerSocket web) {
        while (!web.isClosed()) {
            try (Socket socket = web.accept()) {
                socket.getOutputStream()
                        .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
                socket.getOutputStream().flush();
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (IOException closed) {
                // The next one, or the end.
            }
        }
    }
}
