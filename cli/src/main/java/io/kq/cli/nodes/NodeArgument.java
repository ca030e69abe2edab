package io.kq.cli.nodes;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.ClusterDescription.Voter;
import io.kq.protocol.ErrorCode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which node is meant: by its number, or the one that answers. */
final class NodeArgument {

    private static final String SELF = "self";

    @Parameters(
            paramLabel = "ID",
            arity = "0..1",
            description = "The node's number; self: the node at the address of --bootstrap-server.")
    @Nullable String id;

    @Option(names = "--id", paramLabel = "ID", hidden = true)
    @Nullable String option;

    boolean isGiven() {
        return id != null || option != null;
    }

    /**
     * The node.
     *
     * @throws CommandFailure none is named, or there is none
     */
    BrokerDescription of(Session session, ClusterDescription cluster) {
        String name = id == null ? option : id;
        if (name == null || (id != null && option != null)) {
            throw CommandFailure.usage("which node? It is named by its number, once");
        }
        int number = name.equals(SELF) ? self(session, cluster) : number(name);
        return cluster.brokers().stream()
                .filter(broker -> broker.id() == number)
                .findFirst()
                .orElseThrow(
                        () ->
                                CommandFailure.of(
                                                ErrorCode.BROKER_NOT_FOUND,
                                                "No broker has the id " + number + ".")
                                        .next(
                                                "kq cluster brokers (shows which brokers there"
                                                        + " are)"));
    }

    private static int self(Session session, ClusterDescription cluster) {
        if (session.settings().client().bootstrapServers().size() != 1) {
            throw CommandFailure.usage(
                    "self is the node at the address of --bootstrap-server, of which there are"
                            + " several");
        }
        return cluster.answeredBy();
    }

    private static int number(String name) {
        try {
            return Integer.parseUnsignedInt(name);
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("a node is named by its number, not '" + name + "'")
                    .next("kq cluster brokers (shows their numbers)");
        }
    }

    /** What its going means to the metadata; empty if it has no vote. */
    static Optional<String> voteWarning(int node, ClusterDescription cluster) {
        int voters = cluster.quorum().voters().size();
        boolean votes = cluster.quorum().voters().stream().anyMatch(v -> v.id() == node);
        long others =
                cluster.quorum().voters().stream()
                        .filter(voter -> voter.id() != node)
                        .filter(Voter::up)
                        .count();
        return votes
                ? Optional.of(
                        "WARNING: node "
                                + node
                                + " votes on the metadata, and stays one of the "
                                + voters
                                + " voters when it is gone. Of the others "
                                + (voters / 2 + 1)
                                + " must be up then; now "
                                + others
                                + " are. (kq cluster remove-voter "
                                + node
                                + " takes its vote.)")
                : Optional.empty();
    }
}
