package io.kq.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.cli.shell.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Writes completion scripts: {@code completion.bash} with the commands and options that the parsers
 * know, so that a script offers what its version has.
 */
final class CompletionScript {

    private static final String ZSH = "autoload -U +X bashcompinit && bashcompinit\n\n";

    private CompletionScript() {}

    /** The script for {@code bash} or {@code zsh}. */
    static String of(String shellName, Shell shell) {
        Set<String> words = new LinkedHashSet<>();
        Set<String> groups = new LinkedHashSet<>();
        StringBuilder options = new StringBuilder();
        for (CommandTable.Entry entry : CommandTable.entries()) {
            String first = entry.name().replaceFirst(" .*", "");
            words.add(first);
            if (!first.equals(entry.name())) {
                groups.add(first);
            }
            options.append("    '" + entry.name() + "') echo '" + options(entry, shell) + "' ;;\n");
        }
        String script =
                template()
                        .replace("@options@\n", options)
                        .replace("@seconds@\n", seconds(groups))
                        .replace("@groups@", String.join(" ", groups))
                        .replace("@commands@", String.join(" ", words));
        return (shellName.equals("zsh") ? ZSH : "") + script;
    }

    private static String options(CommandTable.Entry entry, Shell shell) {
        return ArgumentParser.commandLine(entry.name(), entry.factory().apply(shell))
                .getCommandSpec()
                .options()
                .stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static String seconds(Set<String> groups) {
        StringBuilder cases = new StringBuilder();
        for (String group : groups) {
            List<CommandTable.Entry> entries = CommandTable.under(group);
            String words =
                    entries.stream()
                            .map(entry -> entry.name().substring(group.length() + 1))
                            .collect(Collectors.joining(" "));
            cases.append("      " + group + ")\n")
                    .append("        COMPREPLY=($(compgen -W '" + words + "' -- \"$current\"))\n")
                    .append("        ;;\n");
        }
        return cases.toString();
    }

    private static String template() {
        try (InputStream in = CompletionScript.class.getResourceAsStream("completion.bash")) {
            if (in == null) {
                throw new IllegalStateException("completion.bash is missing in this build");
            }
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read completion.bash", e);
        }
    }
}
