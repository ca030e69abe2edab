package io.kq.cli;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was typed: a command and its arguments. Global options may stand before the command's name,
 * between its two words, or after it.
 *
 * @param entry the command
 * @param arguments all that was typed but the command's name
 */
record Invocation(CommandTable.Entry entry, List<String> arguments) {

    /** The global options that take a value: what follows them is not a command. */
    private static final Set<String> WITH_VALUE =
            Set.of("b", "bootstrap-server", "command-config", "o", "output", "request-timeout");

    /**
     * Finds the command.
     *
     * @throws CommandFailure there is none of that name
     */
    static Invocation of(List<String> typed) {
        List<String> rest = new ArrayList<>(typed);
        String word = ToolNames.plain(takeWord(rest));
        String name = ToolNames.command(word);
        if (name.indexOf(' ') < 0 && !CommandTable.under(name).isEmpty()) {
            name = ToolNames.command(name + " " + takeSecondWord(rest, name));
        }
        String found = name;
        CommandTable.Entry entry =
                CommandTable.named(found).orElseThrow(() -> unknown(word, found));
        ToolNames.implied(word).stream().filter(o -> !rest.contains(o)).forEach(rest::add);
        return new Invocation(entry, rest);
    }

    /** Whether there is a command's name at all. */
    static boolean namesCommand(List<String> typed) {
        return indexOfWord(typed) >= 0;
    }

    private static String takeWord(List<String> rest) {
        int index = indexOfWord(rest);
        if (index < 0) {
            throw CommandFailure.usage("no command").next("kq --help");
        }
        return rest.remove(index);
    }

    private static String takeSecondWord(List<String> rest, String first) {
        int index = indexOfWord(rest);
        if (index < 0) {
            throw CommandFailure.usage(
                            "kq " + first + " needs one of: " + String.join(", ", words(first)))
                    .next("kq " + first + " --help");
        }
        return rest.remove(index);
    }

    private static List<String> words(String first) {
        return CommandTable.under(first).stream()
                .map(e -> e.name().substring(first.length() + 1))
                .toList();
    }

    private static int indexOfWord(List<String> typed) {
        for (int i = 0; i < typed.size(); i++) {
            String token = typed.get(i);
            if (!token.startsWith("-")) {
                return i;
            }
            if (WITH_VALUE.contains(token.replaceFirst("^--?", ""))) {
                i++;
            }
        }
        return -1;
    }

    private static CommandFailure unknown(String typed, String name) {
        return ToolNames.refusal(typed)
                .orElseGet(
                        () -> {
                            Set<String> known = new TreeSet<>();
                            CommandTable.entries().forEach(e -> known.add(e.name()));
                            return CommandFailure.usage("unknown command '" + name + "'")
                                    .didYouMean(DidYouMean.among(known, name))
                                    .next("kq --help");
                        });
    }
}
