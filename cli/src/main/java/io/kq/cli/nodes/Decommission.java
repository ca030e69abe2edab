package io.kq.cli.nodes;

import io.kq.cli.files.ReassignmentFile;
import io.kq.cli.nodes.NodeDecommissionCommand.Options;
import io.kq.cli.partitions.MoveWatch;
import io.kq.cli.partitions.PartitionLookup;
import io.kq.cli.partitions.Reassignments;
import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Confirmation;
import io.kq.cli.shell.ExitCode;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ClusterDescription.BrokerDescription;
import io.kq.client.admin.PlacementWish;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Empties a node and has it forgotten. All that was begun is in the metadata, so that a later run
 * finds it. The node is drained only when it is empty: a drained one is not in sync, and until its
 * replacements are, its copies count. The command's thread.
 */
final class Decommission {

    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final Session session;
    private final int node;
    private final Options options;
    private int moved;
    private int total;

    Decommission(Session session, int node, Options options) {
        this.session = session;
        this.node = node;
        this.options = options;
    }

    void run(ClusterDescription cluster) {
        SortedMap<TopicPartition, List<Integer>> plan = plan();
        if (options.dryRun) {
            session.terminal().println(ReassignmentFile.write(plan));
            session.notice(
                    "Dry run: nothing changed. "
                            + PartitionLookup.count(plan.size())
                            + " would be moved.");
            return;
        }
        requireSources();
        NodeArgument.voteWarning(node, cluster).ifPresent(session::notice);
        if (!plan.isEmpty()) {
            Confirmation.require(session, question(plan.size()), "Nothing was moved.");
        }
        boolean drained = false;
        while (!isStopped()) {
            SortedMap<TopicPartition, List<Integer>> moving = next();
            if (!moving.isEmpty()) {
                new MoveWatch(session, moved, total).await(moving);
                moved += moving.size();
            } else if (drained || !broker().up()) {
                finish();
                return;
            } else {
                // From now on nothing new comes; what came until now is moved too.
                session.await(session.admin().drainBroker(node));
                drained = true;
            }
        }
    }

    private String question(int partitions) {
        return "Move "
                + PartitionLookup.count(partitions)
                + " off node "
                + node
                + ", and have the cluster forget it?";
    }

    private boolean isStopped() {
        return session.terminal().interrupts().requested();
    }

    private SortedMap<TopicPartition, List<Integer>> plan() {
        PlacementWish wish = new PlacementWish(List.of(), List.of(), List.of(node), false, 0);
        try {
            return session.await(session.admin().planReassignments(wish));
        } catch (RejectedException e) {
            if (e.code() != ErrorCode.INSUFFICIENT_BROKERS) {
                throw e;
            }
            throw CommandFailure.from(e)
                    .next("add a node first")
                    .next(
                            "or have fewer replicas: kq reassign --execute --topic T"
                                    + " --replication-factor N");
        }
    }

    /** Nobody could copy a partition that nobody leads: it would be waited for without an end. */
    private void requireSources() {
        SortedMap<TopicPartition, PartitionDescription> stuck =
                PartitionLookup.describeAll(session);
        stuck.values().removeIf(p -> p.leader() >= 0 || !p.replicas().contains(node));
        if (!stuck.isEmpty()) {
            throw CommandFailure.of(
                            ErrorCode.NO_LEADER,
                            "Nobody leads "
                                    + PartitionLookup.names(stuck.keySet())
                                    + ": there is nobody to copy from. Nothing was moved.")
                    .withExitCode(ExitCode.PRECONDITION)
                    .next(
                            "start the brokers that have them (kq topics --describe"
                                    + " --unavailable-partitions -o wide)")
                    .next(
                            "or give up what is on them: kq leaders --elect --election-type"
                                    + " unclean, kq topics --delete");
        }
    }

    /** What an earlier run began; else some of what is left, which is begun. Empty: it is empty. */
    private SortedMap<TopicPartition, List<Integer>> next() {
        SortedMap<TopicPartition, List<Integer>> begun = leaving();
        SortedMap<TopicPartition, List<Integer>> left = plan();
        total = moved + begun.size() + left.size();
        if (begun.isEmpty() && !left.isEmpty()) {
            left.entrySet().stream()
                    .limit(options.parallel)
                    .forEach(move -> begun.put(move.getKey(), move.getValue()));
            new Reassignments(session).begin(begun, false);
        }
        return begun;
    }

    /** What is being moved off it, with the replicas that it will have. */
    private SortedMap<TopicPartition, List<Integer>> leaving() {
        SortedMap<TopicPartition, List<Integer>> leaving = new TreeMap<>();
        for (ReassignmentDescription each : session.await(session.admin().listReassignments())) {
            if (each.removing().contains(node)) {
                leaving.put(
                        each.partition(),
                        each.replicas().stream()
                                .filter(id -> !each.removing().contains(id))
                                .toList());
            }
        }
        return leaving;
    }

    /** As it is now; it is known until it is forgotten. */
    private BrokerDescription broker() {
        return session.await(session.admin().describeCluster()).brokers().stream()
                .filter(broker -> broker.id() == node)
                .findFirst()
                .orElseThrow(
                        () ->
                                CommandFailure.of(
                                        ErrorCode.BROKER_NOT_FOUND,
                                        "Somebody else had node " + node + " forgotten."));
    }

    private void finish() {
        if (options.waitStop && broker().up()) {
            session.notice("Node " + node + " holds nothing any more: stop its process now.");
            while (!isStopped() && broker().up()) {
                session.terminal().interrupts().pause(LOOK_EVERY);
            }
        }
        boolean gone = !isStopped() && !broker().up();
        if (gone) {
            NodeUnregisterCommand.unregister(session, node);
        }
        print(gone);
    }

    private void print(boolean unregistered) {
        if (session.format().isJson()) {
            JsonText json = new JsonText();
            json.beginObject();
            json.name("node").value(node);
            json.name("moved").value(moved);
            json.name("unregistered").value(unregistered);
            session.terminal().println(json.endObject().toString());
        } else if (unregistered) {
            session.terminal().println("Node " + node + " is empty, and forgotten.");
        } else {
            session.terminal()
                    .println(
                            "Node "
                                    + node
                                    + " is empty. Stop its process, then: kq node unregister "
                                    + node);
        }
    }
}
