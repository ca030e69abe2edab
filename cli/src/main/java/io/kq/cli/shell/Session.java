package io.kq.cli.shell;

import io.kq.client.ConsumerConfig;
import io.kq.client.KqAdmin;
import io.kq.client.KqConsumer;
import io.kq.client.KqGroupConsumer;
import io.kq.client.KqProducer;
import io.kq.client.ProducerConfig;
import io.kq.client.group.GroupConfig;
import io.kq.protocol.RejectedException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One run of a command: its global options resolved, its connection. Closing it closes the
 * connection. The command's thread.
 */
public final class Session implements AutoCloseable {

    private final Shell shell;
    private final GlobalOptions options;
    private final ClientSettings settings;
    private final OutputFormat format;
    private @Nullable KqAdmin admin;

    private Session(
            Shell shell, GlobalOptions options, ClientSettings settings, OutputFormat format) {
        this.shell = shell;
        this.options = options;
        this.settings = settings;
        this.format = format;
    }

    /**
     * Resolves options; opens no connection yet.
     *
     * @param formats what the command can print
     */
    public static Session open(Shell shell, GlobalOptions options, OutputFormat... formats) {
        return open(shell, options, Map.of(), formats);
    }

    /**
     * The same, for a command that takes Kafka's settings.
     *
     * @param properties as typed; they win over those of {@code --command-config}
     */
    public static Session open(
            Shell shell,
            GlobalOptions options,
            Map<String, String> properties,
            OutputFormat... formats) {
        OutputFormat format = format(options, Set.copyOf(Arrays.asList(formats)));
        ClientSettings settings =
                ClientSettings.resolve(options, properties, shell.terminal().environment());
        Session session = new Session(shell, options, settings, format);
        if (options.verbose) {
            session.trace(
                    "brokers "
                            + String.join(",", settings.client().bootstrapServers())
                            + " (from "
                            + settings.origin()
                            + ")");
        }
        return session;
    }

    private static OutputFormat format(GlobalOptions options, Set<OutputFormat> formats) {
        String name = options.output;
        if (name == null) {
            return OutputFormat.TABLE;
        }
        OutputFormat format =
                OutputFormat.named(name).orElseThrow(() -> unknownFormat(name, formats));
        if (!formats.contains(format)) {
            throw unknownFormat(name, formats);
        }
        return format;
    }

    private static CommandFailure unknownFormat(String name, Set<OutputFormat> formats) {
        List<String> names =
                Arrays.stream(OutputFormat.values())
                        .filter(formats::contains)
                        .map(f -> f.name().toLowerCase(Locale.ROOT))
                        .toList();
        return CommandFailure.usage(
                "--output: '" + name + "' is not one of: " + String.join(", ", names));
    }

    public Terminal terminal() {
        return shell.terminal();
    }

    public ClientSettings settings() {
        return settings;
    }

    public OutputFormat format() {
        return format;
    }

    /** Whether standard output may be coloured. */
    public boolean color() {
        return terminal().tty().out()
                && !options.noColor
                && terminal().environment().getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Whether a person can be asked. */
    public boolean canAsk() {
        return terminal().tty().in() && !options.noInput;
    }

    /** Whether warnings and notices are not wanted. */
    public boolean quiet() {
        return options.quiet;
    }

    /** A line for the person, on standard error; left out with {@code -q}. */
    public void notice(String line) {
        if (!options.quiet) {
            terminal().errorLine(line);
        }
    }

    /**
     * Refuses settings of {@code --command-config} and the like that the command does not know;
     * says which of the others change nothing.
     */
    public Map<String, String> properties(Set<String> known) {
        Map<String, String> properties = settings.properties();
        for (String key : KafkaProperties.check(properties, known)) {
            notice("WARNING: '" + key + "' has no effect in kq.");
        }
        return properties;
    }

    /** A line for someone who looks for a fault, with {@code -v} only. */
    public void trace(String line) {
        if (options.verbose) {
            terminal().errorLine("trace: " + line);
        }
    }

    /** The session's admin client, opened on first use. */
    public KqAdmin admin() {
        if (admin == null) {
            admin = shell.clients().admin(settings.client());
        }
        return admin;
    }

    /** A new producer; the caller closes it. */
    public KqProducer producer(ProducerConfig config) {
        return shell.clients().producer(settings.client(), config);
    }

    /** A new consumer; the caller closes it. */
    public KqConsumer consumer(ConsumerConfig config) {
        return shell.clients().consumer(settings.client(), config);
    }

    /** A new member of a consumer group; the caller closes it. */
    public KqGroupConsumer member(ConsumerConfig config, GroupConfig group) {
        return shell.clients().member(settings.client(), config, group);
    }

    /**
     * Waits for an answer.
     *
     * @throws RejectedException as the future
     */
    public <T> T await(CompletableFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RejectedException rejected) {
                throw rejected;
            }
            throw new IllegalStateException("a call failed in an unforeseen way", e.getCause());
        } catch (InterruptedException e) {
            throw CommandFailure.local("INTERRUPTED", "interrupted", e);
        }
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close();
        }
    }
}
