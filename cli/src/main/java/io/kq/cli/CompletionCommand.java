package io.kq.cli;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.GlobalOptions;
import io.kq.cli.shell.OutputFormat;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Shell;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code kq completion bash|zsh}: a script for the shell's own start-up file. */
@Command(
        customSynopsis = "kq completion bash|zsh",
        description = {
            "",
            "Print a completion script for your shell: commands, options, and the names",
            "of the cluster's topics."
        },
        footer = {
            "",
            "Examples:",
            "  source <(kq completion bash)",
            "  kq completion bash > ~/.local/share/bash-completion/completions/kq",
            "  kq completion zsh > ~/.kq.zsh && echo 'source ~/.kq.zsh' >> ~/.zshrc"
        })
final class CompletionCommand implements Callable<Integer> {

    private final Shell shell;

    @Parameters(paramLabel = "SHELL", arity = "0..1", description = "bash or zsh.")
    private @Nullable String name;

    @ArgGroup(validate = false, heading = "%nGlobal options:%n", order = 100)
    private GlobalOptions global = new GlobalOptions();

    CompletionCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (name == null || !(name.equals("bash") || name.equals("zsh"))) {
            throw CommandFailure.usage("which shell? kq completion bash, or kq completion zsh");
        }
        try (Session session = Session.open(shell, global, OutputFormat.TABLE)) {
            session.terminal().print(CompletionScript.of(name, shell));
        }
        return ExitCode.OK;
    }
}
