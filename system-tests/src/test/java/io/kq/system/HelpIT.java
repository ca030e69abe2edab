package io.kq.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.kq.system.harness.Ran;
import io.kq.system.harness.Shell;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Help as the launcher's processes give it: also where it starts a node, or reads a node's files,
 * for the same words without {@code --help}.
 */
class HelpIT {

    private static final int COLUMNS_MAX = 80;

    /** {@code cluster status Show health, ...} in the help of kq itself. */
    private static final Pattern COMMAND = Pattern.compile("  ([a-z][a-z -]*?) +[A-Z].*");

    private static final Pattern EXAMPLE = Pattern.compile("  .*\\bkq [a-z].*");

    @TempDir private Path directory;

    @Test
    void everyCommandThatTheHelpNamesHasAHelpWithAnExample() {
        Shell shell = Shell.in(directory);
        Ran root = helps(shell, "kq --help");
        List<String> commands = new ArrayList<>();
        root.out()
                .lines()
                .map(COMMAND::matcher)
                .filter(Matcher::matches)
                .forEach(line -> commands.add(line.group(1)));
        assertThat(commands).contains("topics", "cluster status", "server start", "inspect");
        for (String command : commands) {
            helps(shell, "kq " + command + " --help");
        }
        helps(shell, "kq cluster --help");
        helps(shell, "kq help topics");
        helps(shell, "kafka-console-consumer.sh --help");
    }

    private static Ran helps(Shell shell, String line) {
        Ran ran = shell.run(line);
        assertThat(ran.exitCode()).as(line).isZero();
        assertThat(ran.err()).as("%s, standard error", line).isEmpty();
        assertThat(ran.out().lines())
                .as(line)
                .allSatisfy(shown -> assertThat(shown.length()).isLessThanOrEqualTo(COLUMNS_MAX));
        assertThat(ran.out()).as(line).containsPattern("(?m)^Examples?:$");
        String examples = ran.out().replaceFirst("(?s).*\nExamples?:\n", "");
        assertThat(examples.lines()).as("%s, examples", line).anyMatch(EXAMPLE.asMatchPredicate());
        return ran;
    }
}
