package io.kq.cli.fake;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.cli.KqCommand;
import io.kq.cli.shell.Clients;
import io.kq.cli.shell.Interrupts;
import io.kq.cli.shell.Shell;
import io.kq.cli.shell.Terminal;
import io.kq.runtime.Clock;
import io.kq.runtime.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs {@code kq} in this process, as a shell would: words in, streams and exit code out.
 *
 * @param out all of standard output
 * @param err all of standard error
 * @param outBytes standard output again, one character for each byte
 */
public record CommandRun(int exitCode, String out, String err, String outBytes) {

    /** Where it runs; the {@code with} methods change one thing. */
    public static final class Setting {
        private final Clients clients;
        private final Map<String, String> environment =
                new HashMap<>(Map.of("HOME", "/nonexistent"));
        private final Interrupts interrupts = Interrupts.manual();
        private @Nullable OutputStream out;
        private InputStream in = InputStream.nullInputStream();
        private Terminal.Tty tty = Terminal.Tty.NONE;
        private Clock clock = new ManualClock();

        private Setting(Clients clients) {
            this.clients = clients;
        }

        public Setting with(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        public Setting input(String text) {
            return input(text.getBytes(UTF_8));
        }

        public Setting input(byte[] bytes) {
            return input(new ByteArrayInputStream(bytes));
        }

        public Setting input(InputStream stream) {
            in = stream;
            return this;
        }

        /** Standard output goes here; {@link CommandRun#out} stays empty. */
        public Setting output(OutputStream stream) {
            out = stream;
            return this;
        }

        public Setting onTerminal() {
            tty = new Terminal.Tty(true, true, true);
            return this;
        }

        public Setting clock(Clock other) {
            clock = other;
            return this;
        }

        public Interrupts interrupts() {
            return interrupts;
        }

        /** Words apart by blanks; {@code 'single quotes'} keep some together. */
        public CommandRun run(String line) {
            return run(words(line));
        }

        public CommandRun run(List<String> words) {
            ByteArrayOutputStream collected = new ByteArrayOutputStream();
            OutputStream target = out == null ? collected : out;
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            Terminal terminal = new Terminal(in, target, err, tty, environment, clock, interrupts);
            int exitCode = new KqCommand(new Shell(terminal, clients)).run(words);
            interrupts.commandEnded();
            return new CommandRun(
                    exitCode,
                    collected.toString(UTF_8),
                    err.toString(UTF_8),
                    collected.toString(ISO_8859_1));
        }
    }

    public static Setting against(Clients clients) {
        return new Setting(clients);
    }

    /** Splits a line of a transcript as a shell does; quotes are single ones. */
    public static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == ' ' && !quoted) {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                continue;
            }
            word = word == null ? new StringBuilder() : word;
            if (c == '\'') {
                quoted = !quoted;
            } else {
                word.append(c);
            }
        }
        if (word != null) {
            words.add(word.toString());
        }
        return words;
    }
}
