package io.kq.cli.partitions;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.Session;
import io.kq.client.admin.ReassignmentDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Waits for reassignments and says how far they are, on standard error. What is waited for goes on
 * without it. The command's thread.
 */
public final class MoveWatch {

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** After so long without a change it is said who is waited for. */
    private static final Duration EXPLAIN_AFTER = Duration.ofSeconds(15);

    /** Nodes that die while one waits are what one waits for. */
    private static final Duration BEAR_FAILURES_FOR = Duration.ofSeconds(60);

    private final Session session;
    private final int doneBefore;
    private final int total;
    private int left = -1;
    private long changedNanos;
    private long answeredNanos;

    /**
     * Watches some of the moves of a larger whole.
     *
     * @param doneBefore how many of {@code total} were done before
     */
    public MoveWatch(Session session, int doneBefore, int total) {
        this.session = session;
        this.doneBefore = doneBefore;
        this.total = total;
    }

    /**
     * Returns when none of these partitions is being moved.
     *
     * @throws CommandFailure one of them is not where it should be: somebody changed it meanwhile
     */
    public void await(SortedMap<TopicPartition, List<Integer>> targets) {
        session.terminal()
                .interrupts()
                .onInterrupt(
                        () ->
                                session.notice(
                                        "Stopped waiting. What was begun goes on (kq reassign"
                                                + " --list shows it)."));
        changedNanos = session.terminal().clock().nanoTime();
        answeredNanos = changedNanos;
        while (!session.terminal().interrupts().requested() && isMoving(targets)) {
            session.terminal().interrupts().pause(LOOK_EVERY);
        }
        if (!session.terminal().interrupts().requested()) {
            requireTargets(targets);
        }
    }

    private boolean isMoving(SortedMap<TopicPartition, List<Integer>> targets) {
        long now = session.terminal().clock().nanoTime();
        List<ReassignmentDescription> moving;
        try {
            moving =
                    session.await(session.admin().listReassignments()).stream()
                            .filter(each -> targets.containsKey(each.partition()))
                            .toList();
            answeredNanos = now;
        } catch (RejectedException e) {
            if (!e.code().isRetriable() || now - answeredNanos > BEAR_FAILURES_FOR.toNanos()) {
                throw e;
            }
            return true;
        }
        if (moving.size() != left) {
            left = moving.size();
            changedNanos = now;
            session.notice(
                    (doneBefore + targets.size() - left) + " of " + total + " partitions done.");
        } else if (now - changedNanos > EXPLAIN_AFTER.toNanos()) {
            changedNanos = now;
            explain(moving);
        }
        return left > 0;
    }

    private void explain(List<ReassignmentDescription> moving) {
        Map<Integer, TreeSet<TopicPartition>> waiting = new TreeMap<>();
        for (ReassignmentDescription each : moving) {
            each.replicas().stream()
                    .filter(id -> !each.removing().contains(id) && !each.isr().contains(id))
                    .forEach(
                            id ->
                                    waiting.computeIfAbsent(id, key -> new TreeSet<>())
                                            .add(each.partition()));
        }
        waiting.forEach(
                (broker, partitions) ->
                        session.notice(
                                "Broker "
                                        + broker
                                        + " is not in sync yet: "
                                        + PartitionLookup.names(partitions)));
    }

    private void requireTargets(SortedMap<TopicPartition, List<Integer>> targets) {
        SortedMap<TopicPartition, PartitionDescription> now =
                PartitionLookup.describe(session, targets.keySet());
        List<TopicPartition> others =
                targets.entrySet().stream()
                        .filter(
                                target -> {
                                    PartitionDescription partition = now.get(target.getKey());
                                    return partition != null
                                            && !partition.replicas().equals(target.getValue());
                                })
                        .map(Map.Entry::getKey)
                        .toList();
        if (!others.isEmpty()) {
            throw CommandFailure.of(
                            ErrorCode.FAILED_PRECONDITION,
                            PartitionLookup.names(others)
                                    + ": changed by somebody else, or cancelled, meanwhile.")
                    .next("kq topics --describe -o wide (shows the replicas)");
        }
    }
}
