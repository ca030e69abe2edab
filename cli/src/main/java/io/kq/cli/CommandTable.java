package io.kq.cli;

import io.kq.cli.cluster.ClusterAddVoterCommand;
import io.kq.cli.cluster.ClusterBrokersCommand;
import io.kq.cli.cluster.ClusterHealthCommand;
import io.kq.cli.cluster.ClusterIdCommand;
import io.kq.cli.cluster.ClusterQuorumCommand;
import io.kq.cli.cluster.ClusterRemoveVoterCommand;
import io.kq.cli.cluster.ClusterReplaceVoterCommand;
import io.kq.cli.cluster.ClusterStatusCommand;
import io.kq.cli.configs.ConfigsCommand;
import io.kq.cli.consume.ConsumeCommand;
import io.kq.cli.dev.DevCommand;
import io.kq.cli.dev.ServerCommand;
import io.kq.cli.groups.GroupsCommand;
import io.kq.cli.inspect.InspectCommand;
import io.kq.cli.nodes.NodeDecommissionCommand;
import io.kq.cli.nodes.NodeDrainCommand;
import io.kq.cli.nodes.NodeStatusCommand;
import io.kq.cli.nodes.NodeUndrainCommand;
import io.kq.cli.nodes.NodeUnregisterCommand;
import io.kq.cli.partitions.LeadersCommand;
import io.kq.cli.partitions.ReassignCommand;
import io.kq.cli.perf.PerfConsumeCommand;
import io.kq.cli.perf.PerfProduceCommand;
import io.kq.cli.produce.ProduceCommand;
import io.kq.cli.records.RecordsCommand;
import io.kq.cli.shell.Shell;
import io.kq.cli.topics.OffsetsCommand;
import io.kq.cli.topics.TopicsCommand;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/**
 * The commands of {@code kq}, in the order of the help. A new command is one more entry here.
 * Nothing of a command is loaded before its entry is asked to make it.
 */
final class CommandTable {

    private static final String DATA = "Topics and records";
    private static final String CLUSTER = "Cluster";
    private static final String MORE = "More";
    private static final String RUN = "Nodes";

    private static final List<Entry> ENTRIES =
            List.of(
                    new Entry(
                            "topics",
                            DATA,
                            "Create, list, describe, change and delete topics",
                            TopicsCommand::new),
                    new Entry(
                            "produce",
                            DATA,
                            "Send lines of standard input to a topic",
                            ProduceCommand::new),
                    new Entry(
                            "consume",
                            DATA,
                            "Print records of a topic to standard output",
                            ConsumeCommand::new),
                    new Entry(
                            "groups",
                            DATA,
                            "Consumer groups: list, describe, lag, reset, delete",
                            GroupsCommand::new),
                    new Entry(
                            "offsets",
                            DATA,
                            "Print where partitions begin and end",
                            OffsetsCommand::new),
                    new Entry(
                            "records",
                            DATA,
                            "Delete records before given offsets",
                            RecordsCommand::new),
                    new Entry(
                            "configs",
                            DATA,
                            "Show and change configs of topics, show those of nodes",
                            ConfigsCommand::new),
                    new Entry(
                            "leaders",
                            DATA,
                            "Have leaders of partitions elected",
                            LeadersCommand::new),
                    new Entry(
                            "reassign",
                            DATA,
                            "Give partitions other replicas",
                            ReassignCommand::new),
                    new Entry(
                            "perf produce",
                            DATA,
                            "Measure how fast records are sent",
                            PerfProduceCommand::new),
                    new Entry(
                            "perf consume",
                            DATA,
                            "Measure how fast records are read",
                            PerfConsumeCommand::new),
                    new Entry(
                            "cluster status",
                            CLUSTER,
                            "Show health, quorum, brokers, partitions",
                            ClusterStatusCommand::new),
                    new Entry(
                            "cluster health",
                            CLUSTER,
                            "Exit 0 if all is well, else 10 and why",
                            ClusterHealthCommand::new),
                    new Entry(
                            "cluster brokers",
                            CLUSTER,
                            "List the brokers",
                            ClusterBrokersCommand::new),
                    new Entry(
                            "cluster quorum",
                            CLUSTER,
                            "List the voters of the metadata quorum",
                            ClusterQuorumCommand::new),
                    new Entry(
                            "cluster add-voter",
                            CLUSTER,
                            "Have a node vote on the metadata",
                            ClusterAddVoterCommand::new),
                    new Entry(
                            "cluster remove-voter",
                            CLUSTER,
                            "Have a node vote no more",
                            ClusterRemoveVoterCommand::new),
                    new Entry(
                            "cluster replace-voter",
                            CLUSTER,
                            "Give a node with a new disk its vote back",
                            ClusterReplaceVoterCommand::new),
                    new Entry(
                            "cluster id",
                            CLUSTER,
                            "Print the id of the cluster",
                            ClusterIdCommand::new),
                    new Entry(
                            "node status",
                            CLUSTER,
                            "Show what a node holds, and whether it may stop",
                            NodeStatusCommand::new),
                    new Entry(
                            "node drain",
                            CLUSTER,
                            "Have others lead what a node leads",
                            NodeDrainCommand::new),
                    new Entry(
                            "node undrain",
                            CLUSTER,
                            "Let a node lead again",
                            NodeUndrainCommand::new),
                    new Entry(
                            "node decommission",
                            CLUSTER,
                            "Move all replicas off a node, then forget it",
                            NodeDecommissionCommand::new),
                    new Entry(
                            "node unregister",
                            CLUSTER,
                            "Forget a node that is down and empty",
                            NodeUnregisterCommand::new),
                    new Entry(
                            "dev",
                            RUN,
                            "Run a cluster on this machine, for development",
                            DevCommand::new),
                    new Entry("server start", RUN, "Run one node", ServerCommand.Start::new),
                    new Entry(
                            "server check-config",
                            RUN,
                            "Check the settings of a node",
                            ServerCommand.CheckConfig::new),
                    new Entry(
                            "server show-config",
                            RUN,
                            "Show the settings of a node and their origin",
                            ServerCommand.ShowConfig::new),
                    new Entry(
                            "inspect",
                            RUN,
                            "Show what is on a node's disk, and check it",
                            InspectCommand::new),
                    new Entry(
                            "completion",
                            MORE,
                            "Print a completion script for bash or zsh",
                            CompletionCommand::new));

    private CommandTable() {}

    /**
     * One command.
     *
     * @param name one word or two ({@code cluster status})
     * @param group heading in the help
     * @param summary one line without a full stop, at most 56 characters
     * @param factory makes the annotated command object; its result is the exit code
     */
    record Entry(
            String name, String group, String summary, Function<Shell, Callable<Integer>> factory) {

        /** Whether the name starts with this word, {@code cluster}, and has another one. */
        boolean isIn(String word) {
            return name.startsWith(word + " ");
        }
    }

    static List<Entry> entries() {
        return ENTRIES;
    }

    /** The command with exactly this name. */
    static Optional<Entry> named(String name) {
        return ENTRIES.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /** The commands whose first word this is, if they have two. */
    static List<Entry> under(String word) {
        return ENTRIES.stream().filter(e -> e.isIn(word)).toList();
    }
}
