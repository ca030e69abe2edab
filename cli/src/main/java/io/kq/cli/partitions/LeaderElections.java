package io.kq.cli.partitions;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Confirmation;
import io.kq.cli.shell.Explanation;
import io.kq.cli.shell.JsonText;
import io.kq.cli.shell.Session;
import io.kq.cli.shell.Terminal;
import io.kq.client.admin.ElectionOutcome;
import io.kq.client.admin.ElectionOutcome.Loss;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Has leaders elected and says what came of it. An unclean election is only ever asked for of
 * partitions that were shown to the person before. The command's thread.
 */
final class LeaderElections {

    private final Session session;

    LeaderElections(Session session) {
        this.session = session;
    }

    /** Empty: all partitions. */
    void preferred(List<TopicPartition> partitions) {
        List<ElectionOutcome> outcomes =
                session.await(session.admin().electLeaders(false, partitions));
        if (outcomes.isEmpty()) {
            session.notice("Every partition is led by its preferred leader.");
        }
        report("PREFERRED", outcomes);
    }

    /**
     * For those that have no leader.
     *
     * @param all instead of {@code partitions}: all that there are
     */
    void uncleanly(List<TopicPartition> partitions, boolean all) {
        SortedMap<TopicPartition, PartitionDescription> leaderless =
                new TreeMap<>(
                        all
                                ? PartitionLookup.describeAll(session)
                                : PartitionLookup.describe(session, partitions));
        leaderless.values().removeIf(partition -> partition.leader() >= 0);
        if (leaderless.isEmpty()) {
            session.notice(
                    "Each of these partitions has a leader: there is nothing to elect uncleanly.");
            report("UNCLEAN", List.of());
            return;
        }
        announce(leaderless);
        Confirmation.require(
                session,
                "Elect leaders uncleanly for "
                        + PartitionLookup.names(leaderless.keySet())
                        + ", and lose those records?",
                "No leader was elected.");
        report(
                "UNCLEAN",
                session.await(
                        session.admin().electLeaders(true, List.copyOf(leaderless.keySet()))));
    }

    private void announce(SortedMap<TopicPartition, PartitionDescription> leaderless) {
        warn(
                "An unclean election makes a replica leader that may lack acknowledged records."
                        + " What it lacks is lost for good.");
        leaderless.forEach(
                (id, partition) ->
                        warn(
                                id
                                        + " has no leader; all its records are on "
                                        + complete(partition).stream()
                                                .map(broker -> broker(broker, partition))
                                                .collect(Collectors.joining(", "))
                                        + ". Once one of these leads, nothing is lost."));
    }

    private static String broker(int id, PartitionDescription partition) {
        return "broker " + id + (partition.offline().contains(id) ? " (down)" : "");
    }

    /** With {@code -q} too: nobody is to lose records without having been told. */
    private void warn(String what) {
        session.terminal().errorLine("WARNING: " + what);
    }

    /** Who had all that was committed when it was last heard of. */
    private static SortedSet<Integer> complete(PartitionDescription partition) {
        SortedSet<Integer> complete = new TreeSet<>(partition.isr());
        complete.addAll(partition.elr());
        return complete;
    }

    private void report(String type, List<ElectionOutcome> outcomes) {
        print(type, outcomes);
        outcomes.forEach(outcome -> outcome.lost().ifPresent(loss -> warn(text(outcome, loss))));
        List<ElectionOutcome> refused =
                outcomes.stream().filter(o -> o.refusal().isPresent()).toList();
        if (!refused.isEmpty()) {
            throw refusal(refused, outcomes.size());
        }
    }

    private static String text(ElectionOutcome outcome, Loss loss) {
        List<Integer> others =
                loss.complete().stream().filter(id -> id != outcome.leader()).toList();
        return outcome.partition()
                + " is led by broker "
                + outcome.leader()
                + ", whose log ends at offset "
                + loss.logEndOffset()
                + ": what was acknowledged from there on is lost."
                + (others.isEmpty()
                        ? ""
                        : " What is beyond that on "
                                + others.stream()
                                        .map(id -> "broker " + id)
                                        .collect(Collectors.joining(", "))
                                + " is cut off when it starts.");
    }

    private void print(String type, List<ElectionOutcome> outcomes) {
        Terminal terminal = session.terminal();
        switch (session.format()) {
            case JSON -> {
                JsonText json = new JsonText();
                json.beginObject().name("electionType").value(type);
                json.name("results").array(outcomes, outcome -> write(json, outcome));
                terminal.println(json.endObject().toString());
            }
            case JSONL ->
                    outcomes.forEach(
                            outcome -> {
                                JsonText json = new JsonText();
                                write(json, outcome);
                                terminal.println(json.toString());
                            });
            case TABLE, WIDE, NAME -> sentences(terminal, type, outcomes);
        }
    }

    /** In Kafka's words. */
    private static void sentences(Terminal terminal, String type, List<ElectionOutcome> outcomes) {
        List<TopicPartition> elected = new ArrayList<>();
        List<TopicPartition> before = new ArrayList<>();
        for (ElectionOutcome outcome : outcomes) {
            if (outcome.refusal().isEmpty()) {
                (outcome.elected() ? elected : before).add(outcome.partition());
            }
        }
        if (!elected.isEmpty()) {
            terminal.println(
                    "Successfully completed leader election ("
                            + type
                            + ") for partitions "
                            + PartitionLookup.names(elected));
        }
        if (!before.isEmpty()) {
            terminal.println(
                    "Valid replica already elected for partitions "
                            + PartitionLookup.names(before));
        }
    }

    private static CommandFailure refusal(List<ElectionOutcome> refused, int asked) {
        RejectedException why = refused.get(0).refusal().orElseThrow();
        CommandFailure failure =
                asked == 1
                        ? CommandFailure.from(why)
                        : CommandFailure.from(
                                why,
                                refused.size()
                                        + " of "
                                        + asked
                                        + " partitions were not done ("
                                        + PartitionLookup.names(
                                                refused.stream()
                                                        .map(ElectionOutcome::partition)
                                                        .toList())
                                        + "): "
                                        + why.getMessage());
        if (why.code() == ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE
                || why.code() == ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE) {
            String topic = refused.get(0).partition().topic();
            return failure.next(
                            "kq topics --describe --topic "
                                    + topic
                                    + " -o wide (shows who is in sync)")
                    .next("kq cluster brokers (shows who is down), start them, and try again");
        }
        return failure.next(Explanation.of(why).nextSteps().get(0));
    }

    private static void write(JsonText json, ElectionOutcome outcome) {
        json.beginObject();
        json.name("topic").value(outcome.partition().topic());
        json.name("partition").value(outcome.partition().partition());
        json.name("elected").value(outcome.elected());
        json.name("leader").value(outcome.leader());
        outcome.lost()
                .ifPresent(
                        loss -> {
                            json.name("unclean").beginObject();
                            json.name("logEndOffset").value(loss.logEndOffset());
                            json.name("complete").numbers(loss.complete());
                            json.endObject();
                        });
        outcome.refusal()
                .ifPresent(
                        why -> {
                            json.name("error").beginObject();
                            json.name("reason").value(why.code().name());
                            json.name("message").value(why.getMessage());
                            json.endObject();
                        });
        json.endObject();
    }
}
