package io.kq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The help of {@code kq} itself and of its two-word commands. */
final class RootHelp {

    private RootHelp() {}

    /** All commands, by heading. */
    static String text() {
        StringBuilder text =
                new StringBuilder(
                        """
                        kq: a distributed, replicated, partitioned log with one process to run.

                        Usage: kq [GLOBAL OPTIONS] COMMAND [OPTIONS]
                        """);
        String group = "";
        for (CommandTable.Entry entry : CommandTable.entries()) {
            if (!entry.group().equals(group)) {
                group = entry.group();
                text.append('\n').append(group).append(":\n");
            }
            text.append(line(entry));
        }
        return text.append(
                        """

                        Global options, before or after the command:
                          -b, --bootstrap-server HOST:PORT[,...]   -o table|wide|json|jsonl|name
                          --command-config FILE   --request-timeout 10s   --no-color   --no-input
                          -q, --quiet   -v, --verbose   -h, --help   --version

                        Kafka's names work too: kq kafka-topics.sh --list

                        Examples:
                          kq topics --create --topic first_topic --partitions 3
                          echo 'hello' | kq produce --topic first_topic
                          kq consume --topic first_topic --from-beginning

                        Help on one command: kq COMMAND --help
                        """)
                .toString();
    }

    /** Whether help on the first of two words was asked for: {@code kq cluster --help}. */
    static boolean isGroupHelp(List<String> typed) {
        return typed.size() == 2
                && !CommandTable.under(typed.get(0)).isEmpty()
                && (typed.get(1).equals("--help") || typed.get(1).equals("-h"));
    }

    /** The commands that share their first word. */
    static String group(List<String> typed) {
        String word = typed.get(0);
        StringBuilder text = new StringBuilder("Usage: kq " + word + " COMMAND [OPTIONS]\n\n");
        CommandTable.under(word).forEach(entry -> text.append(line(entry)));
        String first = CommandTable.under(word).get(0).name();
        return text.append("\nExample:\n  kq ")
                .append(first)
                .append("\n\nHelp on one of them: kq ")
                .append(first)
                .append(" --help\n")
                .toString();
    }

    private static String line(CommandTable.Entry entry) {
        return "  "
                + entry.name()
                + " ".repeat(22 - entry.name().length())
                + entry.summary()
                + "\n";
    }

    /** The version of this build. */
    static String version() {
        try (InputStream in = RootHelp.class.getResourceAsStream("version.txt")) {
            return in == null ? "unknown" : new String(in.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the version", e);
        }
    }
}
