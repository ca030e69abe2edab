package io.kq.cli.cluster;

import io.kq.cli.shell.CommandFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Whose vote it is about. */
final class VoterArgument {

    @Parameters(paramLabel = "ID", arity = "0..1", description = "The node's number.")
    @Nullable String id;

    /**
     * Its number.
     *
     * @throws CommandFailure there is none
     */
    int number() {
        String name = id;
        if (name == null) {
            throw CommandFailure.usage("which node? It is named by its number")
                    .next("kq cluster brokers (shows their numbers)");
        }
        try {
            return Integer.parseUnsignedInt(name);
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("a node is named by its number, not '" + name + "'")
                    .next("kq cluster brokers (shows their numbers)");
        }
    }
}
