package io.kq.broker;

import io.kq.broker.config.ConfigKey;
import io.kq.broker.config.ConfigSources;
import io.kq.broker.config.Host;
import io.kq.broker.config.Settings;
import io.kq.broker.config.Settings.Origin;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.logging.Logging;
import io.kq.broker.logging.LoggingConfig;
import io.kq.broker.logging.LoggingConfig.Format;
import io.kq.runtime.Threads;
import io.kq.runtime.io.DiskFull;
import io.kq.runtime.io.FileProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process of a node. Standard output carries one line, when the node takes requests; a refused
 * start is two lines on standard error; everything else is in the log. SIGTERM and SIGINT stop it
 * in good order, within a bound.
 */
public final class BrokerMain {

    private static final Logger log = LoggerFactory.getLogger(BrokerMain.class);

    /** What stopping may take beyond the drain: closing services, syncing the log, the quorum. */
    private static final Duration STOP_BOUND = Duration.ofSeconds(30);

    /** Given by launchers that keep logs elsewhere than the settings say. */
    private static final String LOG_DIRECTORY_PROPERTY = "kq.log.dir";

    /** Given by parents that may be killed: the node stops when its standard input ends. */
    private static final String STOP_WITH_STDIN_PROPERTY = "kq.stop.when.stdin.closes";

    private static final String NAME_TTL_SECONDS = "5";

    private BrokerMain() {}

    /** Runs until the process is stopped. */
    public static void main(String[] arguments) {
        Logging.configure(LoggingConfig.initial());
        // Names of nodes move to other addresses, and come to life after this process does.
        Security.setProperty("networkaddress.cache.ttl", NAME_TTL_SECONDS);
        System.setProperty("networkaddress.cache.ttl", NAME_TTL_SECONDS); // gRPC looks here
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        int exitCode = run(arguments, System.out, System.err);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    /** Blocks as long as the node runs; answers the exit code. */
    private static int run(String[] text, PrintStream out, PrintStream err) {
        try {
            Arguments arguments = Arguments.parse(text);
            switch (arguments.mode()) {
                case HELP -> out.print(Arguments.USAGE);
                case VERSION -> out.println(Version.text());
                case CHECK_CONFIG, SHOW_CONFIG, START -> withSettings(arguments, out, err);
            }
            return 0;
        } catch (StartRefusedException refused) {
            err.println(refused.forPeople());
            return refused.exitCode();
        } catch (RuntimeException bug) {
            log.error("Cannot start", bug);
            err.println("error: the node cannot start: " + bug + ". [INTERNAL]");
            err.println("  next: this is a bug of kq; its log says where");
            return StartRefusedException.EXIT_FAILED;
        }
    }

    private static void withSettings(Arguments arguments, PrintStream out, PrintStream err) {
        Map<String, String> environment = System.getenv();
        Settings settings =
                ConfigSources.ofNode().read(arguments.config(), environment, arguments.overrides());
        if (arguments.mode() == Arguments.Mode.SHOW_CONFIG) {
            settings.all()
                    .forEach(
                            (key, setting) ->
                                    out.println(
                                            key.name()
                                                    + "="
                                                    + setting.text()
                                                    + "  # "
                                                    + setting.origin()));
            return;
        }
        Host host = Host.local(environment);
        NodeConfig config = NodeConfig.from(settings, host);
        if (arguments.mode() == Arguments.Mode.START) {
            start(config, settings, host, out, err);
        }
    }

    private static void start(
            NodeConfig config, Settings settings, Host host, PrintStream out, PrintStream err) {
        openLog(logging(config));
        log.info("Starting version={} settings={}", Version.text(), nonDefault(settings));
        if (config.listeners().insecure()) {
            log.warn(
                    "security.insecure=true: whoever reaches the listeners can read, write and"
                            + " delete everything");
        }
        StopSequence stop = new StopSequence();
        Threads.onShutdown("kq-stop", () -> stop(config, stop));
        if (Boolean.getBoolean(STOP_WITH_STDIN_PROPERTY)) {
            Threads.single("kq-stdin").execute(() -> exitAtEndOf(System.in));
        }
        Node node;
        try {
            node = Node.start(config, NodeEnvironment.ofProcess(host), stop);
        } catch (RuntimeException e) {
            stop.run();
            throw DiskFull.message(e)
                    .<RuntimeException>map(
                            full -> StartRefusedException.diskFull(config.dataDirectory(), full))
                    .orElse(e);
        }
        String client = node.addresses().client().toString();
        log.info("Ready cluster={} client={}", node.clusterId(), client);
        if (node.lostItsVote()) {
            err.println(
                    "warning: this node's disk is new, and its vote on the metadata is lost; it"
                            + " runs as a broker only. [VOTER_DISK_LOST]");
            err.println("  next: kq cluster replace-voter " + config.nodeId());
        }
        out.println(
                "kq node "
                        + config.nodeId()
                        + " ready cluster="
                        + node.clusterId()
                        + " client="
                        + client);
        out.flush();
        // All threads of kq are daemons: the process lives as long as this one.
        stop.awaitEnd();
    }

    /** A node that logs nowhere would be noticed only when its log is needed. */
    private static void openLog(LoggingConfig config) {
        try {
            Logging.configure(config);
        } catch (UncheckedIOException e) {
            Logging.configure(LoggingConfig.initial());
            throw StartRefusedException.failed(
                    "LOG_DIRECTORY_UNUSABLE",
                    "the log directory "
                            + config.directory().map(Path::toString).orElse("")
                            + " cannot be used: "
                            + FileProblem.of(Objects.requireNonNull(e.getCause())),
                    "check logging.directory, and that this user may write there");
        }
    }

    private static LoggingConfig logging(NodeConfig config) {
        Optional<Path> directory =
                config.own()
                        .logDirectory()
                        .or(
                                () ->
                                        Optional.ofNullable(
                                                        System.getProperty(LOG_DIRECTORY_PROPERTY))
                                                .map(Path::of));
        return new LoggingConfig(
                directory,
                config.own().jsonLog() ? Format.JSON : Format.TEXT,
                config.own().logLevel(),
                Integer.toString(config.nodeId()));
    }

    private static Map<String, String> nonDefault(Settings settings) {
        return settings.all().entrySet().stream()
                .filter(entry -> entry.getValue().origin() != Origin.DEFAULT)
                .collect(
                        Collectors.toMap(
                                entry -> nameOf(entry.getKey()),
                                entry -> entry.getValue().text(),
                                (one, other) -> one,
                                LinkedHashMap::new));
    }

    private static String nameOf(ConfigKey<?> key) {
        return key.name();
    }

    /** The shutdown hook: the process ends when this returns, or when its time is over. */
    private static void stop(NodeConfig config, StopSequence stop) {
        if (stop.hasRun()) {
            return;
        }
        log.info("Stopping");
        Duration bound = config.sessions().drainTimeout().plus(STOP_BOUND);
        var watchdog = Threads.scheduler("kq-stop-watchdog");
        var halt =
                watchdog.schedule(
                        () -> {
                            log.error("Halting: did not stop in time bound={}", bound);
                            Runtime.getRuntime().halt(HaltingFaults.EXIT_FAULT);
                        },
                        bound.toMillis(),
                        TimeUnit.MILLISECONDS);
        stop.run();
        log.info("Stopped");
        halt.cancel(false);
        watchdog.shutdownNow();
        Logging.close();
    }

    private static void exitAtEndOf(InputStream in) {
        try {
            while (in.read() >= 0) {
                // What is written there means nothing.
            }
        } catch (IOException e) {
            // As good as its end.
        }
        System.exit(0);
    }
}
