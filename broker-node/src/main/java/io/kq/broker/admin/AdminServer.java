package io.kq.broker.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kq.broker.config.HostPort;
import io.kq.broker.config.Listener;
import io.kq.broker.config.NodeKeys;
import io.kq.broker.config.Settings;
import io.kq.broker.config.Settings.Origin;
import io.kq.broker.config.Settings.Setting;
import io.kq.runtime.Threads;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves {@code /metrics}, {@code /livez} and {@code /readyz} over HTTP. Only reads: whoever
 * reaches the port can watch, not change.
 */
public final class AdminServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);

    private static final int THREADS = 2;
    private static final int WAITING_MAX = 50;
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService threads;

    private AdminServer(HttpServer server) {
        this.server = server;
        this.threads = Threads.bounded("kq-admin", THREADS, WAITING_MAX);
    }

    /**
     * Opens the port of the settings. Another node on the same machine may have the usual one: then
     * this one goes without, unless it was asked for by name.
     *
     * @param notReady why the node should get no traffic now; empty: it should
     * @throws io.kq.broker.config.StartRefusedException the port that was set cannot be opened
     */
    public static Optional<AdminServer> ofSettings(
            Settings settings, NodeMetrics metrics, Supplier<Optional<String>> notReady) {
        HostPort address = settings.get(NodeKeys.ADMIN_LISTENER);
        Listener listener = new Listener(NodeKeys.ADMIN_LISTENER.name(), address);
        try {
            return Optional.of(open(listener, metrics, notReady));
        } catch (IOException e) {
            Setting setting = settings.all().get(NodeKeys.ADMIN_LISTENER);
            if (setting == null || setting.origin() != Origin.DEFAULT) {
                throw listener.refusal(e);
            }
            LOG.warn(
                    "Serves no metrics and no probes: {} cannot be opened ({}); admin.listener"
                            + " names another port",
                    address,
                    e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Opens a port.
     *
     * @param notReady why the node should get no traffic now; empty: it should
     * @throws IOException the port cannot be opened
     */
    static AdminServer open(
            Listener listener, NodeMetrics metrics, Supplier<Optional<String>> notReady)
            throws IOException {
        AdminServer admin =
                new AdminServer(HttpServer.create(listener.socketAddress(), WAITING_MAX));
        admin.server.setExecutor(admin.threads);
        admin.serve("/metrics", () -> new Answer(200, PROMETHEUS, metrics.text()));
        admin.serve("/livez", () -> new Answer(200, TEXT, "ok\n"));
        admin.serve(
                "/readyz",
                () ->
                        notReady.get()
                                .map(why -> new Answer(503, TEXT, "not ready: " + why + "\n"))
                                .orElseGet(() -> new Answer(200, TEXT, "ok\n")));
        admin.server.start();
        return admin;
    }

    private record Answer(int status, String type, String body) {}

    private void serve(String path, Supplier<Answer> content) {
        server.createContext(
                path,
                exchange -> {
                    try (exchange) {
                        answer(exchange, judged(exchange, path, content));
                    }
                });
    }

    private static Answer judged(HttpExchange exchange, String path, Supplier<Answer> content) {
        String method = exchange.getRequestMethod();
        if (!exchange.getRequestURI().getPath().equals(path)) {
            return new Answer(404, TEXT, "there are /metrics, /livez and /readyz\n");
        }
        if (!method.equals("GET") && !method.equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            return new Answer(405, TEXT, "only GET and HEAD\n");
        }
        return content.get();
    }

    private static void answer(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(answer.status(), -1);
            return;
        }
        exchange.sendResponseHeaders(answer.status(), body.length);
        exchange.getResponseBody().write(body);
    }

    /** The port that was opened. */
    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
