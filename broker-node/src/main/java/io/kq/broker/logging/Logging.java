package io.kq.broker.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.jul.LevelChangePropagator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.kq.broker.logging.LoggingConfig.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up logging of this process. Called on the main thread, before anything else is started. */
public final class Logging {

    private static final String PATTERN =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\",UTC} %-5level %property{node}%logger{0} "
                    + "%replace(%msg){'[\\r\\n]+',' '}%n";

    private static final FileSize FILE_SIZE_MAX = FileSize.valueOf("50MB");
    private static final int OLD_FILES_MAX = 10;

    /** What is not kq's own: warnings, and of Ratis what an operator wants in a post-mortem. */
    private static final Map<String, Level> FOREIGN_LEVELS =
            Map.of(
                    "org.apache.ratis.server.RaftServer", Level.INFO,
                    "org.apache.ratis.server.RaftServer$Division", Level.INFO,
                    "org.apache.ratis.server.impl.RoleInfo", Level.INFO,
                    // These write several lines a second while a voter is down or stops, which the
                    // controller says in one.
                    "org.apache.ratis.grpc.server.GrpcLogAppender", Level.ERROR,
                    "org.apache.ratis.grpc.server.GrpcServerProtocolService", Level.ERROR,
                    "org.apache.ratis.thirdparty.io.grpc", Level.ERROR,
                    // A connection that ended while something was to be written, with its stack.
                    "io.grpc.netty.NettyServerHandler", Level.ERROR,
                    "io.grpc.internal.ManagedChannelImpl", Level.ERROR);

    private Logging() {}

    /**
     * Replaces what was set up before. Also takes in java.util.logging.
     *
     * @throws UncheckedIOException the log's file cannot be written; nothing is logged then
     */
    public static void configure(LoggingConfig config) {
        configure((LoggerContext) LoggerFactory.getILoggerFactory(), config);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Writes what is still buffered and closes files. */
    public static void close() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    static void configure(LoggerContext context, LoggingConfig config) {
        context.reset();
        context.putProperty("node", config.node().isEmpty() ? "" : "node=" + config.node() + " ");
        LevelChangePropagator toJavaLogging = new LevelChangePropagator();
        toJavaLogging.setContext(context);
        toJavaLogging.setResetJUL(true);
        toJavaLogging.start();
        context.addListener(toJavaLogging);

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(
                config.directory()
                        .map(directory -> file(context, config, directory))
                        .orElseGet(() -> standardError(context, config)));
        root.setLevel(Level.WARN);
        context.getLogger("io.kq").setLevel(Level.toLevel(config.level()));
        boolean verbose = Level.INFO.isGreaterOrEqual(Level.toLevel(config.level()));
        FOREIGN_LEVELS.forEach(
                (name, level) ->
                        context.getLogger(name)
                                .setLevel(verbose || level == Level.ERROR ? level : Level.WARN));
    }

    private static Appender<ILoggingEvent> standardError(
            LoggerContext context, LoggingConfig config) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder(context, config));
        appender.start();
        return appender;
    }

    private static Appender<ILoggingEvent> file(
            LoggerContext context, LoggingConfig config, Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(directory.resolve("kq.log").toString());
        appender.setEncoder(encoder(context, config));

        FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
        window.setContext(context);
        window.setParent(appender);
        window.setFileNamePattern(directory.resolve("kq.%i.log").toString());
        window.setMinIndex(1);
        window.setMaxIndex(OLD_FILES_MAX);
        window.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FILE_SIZE_MAX);
        size.start();
        appender.setRollingPolicy(window);
        appender.setTriggeringPolicy(size);
        appender.start();
        if (!appender.isStarted()) {
            throw new UncheckedIOException(new IOException("its kq.log cannot be written"));
        }
        return appender;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LoggingConfig config) {
        if (config.format() == Format.JSON) {
            JsonEncoder json = new JsonEncoder();
            json.setContext(context);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }
}
