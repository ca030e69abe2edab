package io.kq.cli;

import io.kq.cli.shell.Clients;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.FailureText;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Shell;
import io.kq.cli.shell.Terminal;
import io.kq.protocol.RejectedException;
import io.kq.runtime.io.FileProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/**
 * The {@code kq} command: finds the command that was asked for, parses its arguments, runs it, and
 * turns whatever goes wrong into one message and one exit code. Never shows a stack trace without
 * {@code -v}.
 */
public final class KqCommand {

    /** Set by a launcher that was called by another name, such as {@code kafka-topics.sh}. */
    private static final String CALLED_AS = "kq.called.as";

    private final Shell shell;

    /** For a process or a test. */
    public KqCommand(Shell shell) {
        this.shell = shell;
    }

    /** The process. */
    public static void main(String[] args) {
        Terminal terminal = Terminal.system();
        int code = new KqCommand(new Shell(terminal, Clients.real())).run(typed(args));
        terminal.interrupts().commandEnded();
        System.exit(code);
    }

    private static List<String> typed(String[] args) {
        List<String> typed = new ArrayList<>(List.of(args));
        String calledAs = System.getProperty(CALLED_AS, "");
        String plain = ToolNames.plain(calledAs);
        if (!plain.isEmpty() && !plain.equals("kq")) {
            typed.add(0, calledAs);
        }
        return typed;
    }

    /**
     * Runs one command.
     *
     * @return the exit code
     */
    public int run(List<String> typed) {
        CommandFailure failure;
        try {
            int code = dispatch(typed);
            shell.terminal().flush();
            return code;
        } catch (Terminal.OutputClosedException e) {
            return ExitCode.OK;
        } catch (CommandFailure e) {
            failure = e;
        } catch (RejectedException e) {
            failure = Explanation.of(e);
        } catch (UncheckedIOException e) {
            failure =
                    CommandFailure.local(
                            "IO_ERROR", FileProblem.of(Objects.requireNonNull(e.getCause())), e);
        } catch (IOException e) {
            failure = CommandFailure.local("IO_ERROR", FileProblem.of(e), e);
        } catch (OutOfMemoryError e) {
            failure =
                    CommandFailure.local("OUT_OF_MEMORY", "the command's heap is too small", e)
                            .withDetail(String.valueOf(e.getMessage()))
                            .next("give it more: KQ_CLI_OPTS=-Xmx1g kq ...");
        } catch (Throwable e) {
            failure = bug(e);
        }
        return report(failure, typed);
    }

    private int report(CommandFailure failure, List<String> typed) {
        try {
            shell.terminal().flush();
        } catch (Terminal.OutputClosedException | UncheckedIOException e) {
            // The failure itself is what matters now.
        }
        FailureText.write(shell.terminal(), failure, format(typed), isVerbose(typed));
        return failure.exitCode();
    }

    private static CommandFailure bug(Throwable e) {
        return CommandFailure.local("INTERNAL", "this is a bug of kq: " + e, e)
                .next("run it again with -v and report what it prints");
    }

    private int dispatch(List<String> typed) throws Exception {
        Terminal terminal = shell.terminal();
        if (!Invocation.namesCommand(typed)) {
            return withoutCommand(typed);
        }
        if (typed.get(0).equals("help")) {
            return help(typed.subList(1, typed.size()));
        }
        if (RootHelp.isGroupHelp(typed)) {
            terminal.print(RootHelp.group(typed));
            return ExitCode.OK;
        }
        Invocation invocation = Invocation.of(typed);
        Callable<Integer> command = invocation.entry().factory().apply(shell);
        CommandLine line = ArgumentParser.commandLine(invocation.entry().name(), command);
        ParseResult asked = ArgumentParser.parse(line, invocation.arguments());
        if (asked.isUsageHelpRequested()) {
            CommandLine askedLine = asked.commandSpec().commandLine();
            terminal.print(askedLine.getUsageMessage(CommandLine.Help.Ansi.OFF));
            return ExitCode.OK;
        }
        try {
            return ((Callable<?>) asked.commandSpec().userObject()).call() instanceof Integer code
                    ? code
                    : ExitCode.OK;
        } catch (CommandFailure failure) {
            if (failure.exitCode() == ExitCode.USAGE && failure.nextSteps().isEmpty()) {
                failure.next(asked.commandSpec().qualifiedName() + " --help");
            }
            throw failure;
        }
    }

    private int withoutCommand(List<String> typed) {
        if (typed.contains("--version") || typed.contains("-V")) {
            shell.terminal().println("kq " + RootHelp.version());
            return ExitCode.OK;
        }
        if (typed.isEmpty() || typed.contains("--help") || typed.contains("-h")) {
            shell.terminal().print(RootHelp.text());
            return ExitCode.OK;
        }
        throw CommandFailure.usage("no command, only options").next("kq --help");
    }

    private int help(List<String> words) throws Exception {
        List<String> typed = new ArrayList<>(words);
        typed.add("--help");
        return dispatch(typed);
    }

    private static OutputFormat format(List<String> typed) {
        String format = null;
        for (int i = 0; i < typed.size(); i++) {
            String token = typed.get(i);
            if (i + 1 < typed.size() && (token.equals("-o") || token.equals("--output"))) {
                format = typed.get(i + 1);
            } else if (token.startsWith("-o=") || token.startsWith("--output=")) {
                format = token.substring(token.indexOf('=') + 1);
            }
        }
        return named(format);
    }

    private static OutputFormat named(@Nullable String format) {
        return format == null
                ? OutputFormat.TABLE
                : OutputFormat.named(format).orElse(OutputFormat.TABLE);
    }

    private static boolean isVerbose(List<String> typed) {
        return typed.contains("-v") || typed.contains("--verbose");
    }
}
