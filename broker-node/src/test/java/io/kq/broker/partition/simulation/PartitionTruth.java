package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.follower.KnownWatermark;
import io.kq.broker.partition.core.leader.FollowerProgress;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is true of one partition, as nobody in the cluster can know it: the records that any
 * leader's high watermark has passed. They are never taken back, but for an election that is
 * recorded as unclean, and each is where it was, on everybody who may lead.
 */
final class PartitionTruth {

    /** What the disks have. */
    interface Disks {
        /** Null: there is no such replica yet. */
        @Nullable ReplicaLog log(int node, int partition);

        /** Whether the node has lost nothing that the quorum does not know of. */
        boolean isWhole(int node);

        /** Of the incarnation that is registered now. */
        long brokerEpoch(int node);
    }

    private final int partition;
    private final Disks disks;

    /** Committed records, from offset 0 on. */
    private final ReplicaLog committed;

    /** What is before that was deleted on purpose. */
    private long deletedTo;

    private int resets;

    private @Nullable PartitionImage newest;

    /** Of the last election that may have lost records, -1: none. */
    private int uncleanEpoch = -1;

    /** Such a one was decided, and its leader has not begun. */
    private boolean resetting;

    /** What leaders asked for and no controller has judged: each of these may yet be taken. */
    private final List<IsrProposal> open = new ArrayList<>();

    /** Highest high watermark that readers were told, by leader epoch. */
    private final NavigableMap<Integer, Long> told = new TreeMap<>();

    private final NavigableMap<Integer, Integer> leaders = new TreeMap<>();

    PartitionTruth(int partition, Disks disks) {
        this(partition, disks, new ReplicaLog());
    }

    private PartitionTruth(int partition, Disks disks, ReplicaLog committed) {
        this.partition = partition;
        this.disks = disks;
        this.committed = committed;
    }

    /** The same of copies of the disks. */
    PartitionTruth copy(Disks copied) {
        PartitionTruth copy = new PartitionTruth(partition, copied, committed.copy());
        copy.deletedTo = deletedTo;
        copy.resets = resets;
        copy.newest = newest;
        copy.uncleanEpoch = uncleanEpoch;
        copy.resetting = resetting;
        copy.open.addAll(open);
        copy.told.putAll(told);
        copy.leaders.putAll(leaders);
        return copy;
    }

    /** Of all that later checks depend on. */
    int stateHash() {
        return Objects.hash(committed, uncleanEpoch, resetting, resets, deletedTo, open, told);
    }

    long end() {
        return committed.end();
    }

    /** Whether what is said in this epoch binds anybody. */
    boolean counts(int epoch) {
        return epoch >= uncleanEpoch && !resetting;
    }

    /** The quorum committed a state of the partition. */
    void decided(PartitionImage image) {
        boolean unclean =
                image.uncleanElectionEpoch() > 0 && image.uncleanElectionEpoch() > uncleanEpoch;
        newest = image;
        if (unclean) {
            uncleanEpoch = image.uncleanElectionEpoch();
            resetting = true;
        }
        checkMembers();
    }

    void began(Replica leader) {
        int epoch = leader.ledEpoch();
        Integer before = leaders.putIfAbsent(epoch, leader.nodeId());
        Violation.check(
                before == null || before == leader.nodeId(),
                "M1",
                () -> "n" + before + " and n" + leader.nodeId() + " led in epoch " + epoch);
        if (resetting && epoch >= uncleanEpoch) {
            resetting = false;
            keepCommon(leader.log());
            // What it knew as committed, perhaps from before another such election, it goes on
            // with.
            for (long o = committed.end(); o < leader.highWatermark(); o++) {
                committed.append(leader.log().epochAt(o), leader.log().valueAt(o));
            }
            resets++;
            // The second time records of before the first may be back, and where they begin.
            deletedTo = resets > 1 ? Long.MAX_VALUE : Math.min(deletedTo, committed.end());
            deletedTo = Math.max(deletedTo, leader.log().start());
            told.clear();
            checkMembers();
        }
        if (newest != null && newest.leaderEpoch() == epoch) {
            checkMember(leader.nodeId(), leader.log(), 0);
        }
    }

    /**
     * From now on what the leader does not have is gone, and what it has deleted is not asked for.
     */
    private void keepCommon(ReplicaLog log) {
        if (log.start() > committed.end() || log.end() < committed.start()) {
            committed.restart(log.start());
            return;
        }
        long offset = Math.max(log.start(), committed.start());
        long end = Math.min(log.end(), committed.end());
        while (offset < end && isSame(log, offset)) {
            offset++;
        }
        committed.cut(Math.min(offset, committed.end()));
    }

    /**
     * A leader deletes old records; one that does not know yet that it was replaced uncleanly does
     * as well, and what it has common with the new one begins there from then on.
     */
    void trimmed(Replica leader) {
        long start = leader.log().start();
        boolean counts = counts(leader.ledEpoch());
        deletedTo = Math.max(deletedTo, counts ? start : Math.min(start, committed.end()));
    }

    /** R13: who joins has all up to the start of the epoch, and what is committed. */
    void proposed(Replica leader, IsrProposal proposal) {
        open.add(proposal);
        Leading leading = leader.leading();
        for (IsrProposal.Member member : proposal.members()) {
            int id = member.replica();
            boolean joins = leading != null && !leading.state().isr().committed().contains(id);
            if (!joins || disks.brokerEpoch(id) != member.brokerEpoch() || !disks.isWhole(id)) {
                continue;
            }
            ReplicaLog log = disks.log(id, partition);
            long least =
                    Math.max(leader.highWatermark(), leading.state().term().epochStartOffset());
            Violation.check(
                    !counts(leader.ledEpoch())
                            || !mayBeTaken(proposal)
                            || (log != null && log.end() >= least),
                    "R13",
                    () -> "n" + id + " shall join without all up to " + least + ": " + log);
        }
    }

    /** R11, R12: an acknowledgement is of the leader's epoch and of the incarnation it knows. */
    static void counted(Replica leader, int from, Message.Progress progress) {
        FollowerProgress known = Objects.requireNonNull(leader.leading()).state().follower(from);
        Violation.check(
                known != null
                        && progress.leaderEpoch() == leader.ledEpoch()
                        && progress.generation() == known.generation()
                        && progress.brokerEpoch() == known.brokerEpoch(),
                progress.leaderEpoch() == leader.ledEpoch() ? "R12" : "R11",
                () -> progress + " counted: " + leader);
    }

    /** R11: a follower takes words of its present subscription, of the leader that it knows. */
    static void believed(Replica follower, long generation, int leaderEpoch) {
        FollowerState state = Objects.requireNonNull(follower.following()).state();
        Violation.check(
                generation == state.generation() && leaderEpoch == state.leader().leaderEpoch(),
                "R11",
                () -> "words of g" + generation + " e" + leaderEpoch + " taken: " + follower);
    }

    void judged(IsrProposal proposal) {
        open.remove(proposal);
    }

    private boolean mayBeTaken(IsrProposal proposal) {
        PartitionImage image = newest;
        return image != null
                && proposal.leaderEpoch() == image.leaderEpoch()
                && proposal.partitionEpoch() == image.partitionEpoch();
    }

    /** R9: what may yet be in the ISR holds the high watermark like what is in it. */
    private void checkProposed(Replica leader, long watermark) {
        for (IsrProposal proposal : open) {
            boolean mayBeTaken =
                    proposal.leaderEpoch() == leader.ledEpoch() && mayBeTaken(proposal);
            for (IsrProposal.Member member : proposal.members()) {
                ReplicaLog log = disks.log(member.replica(), partition);
                boolean same = disks.brokerEpoch(member.replica()) == member.brokerEpoch();
                Violation.check(
                        !mayBeTaken
                                || !same
                                || !disks.isWhole(member.replica())
                                || (log != null && log.end() >= watermark),
                        "R9",
                        () -> "moved to " + watermark + " above " + member + " of " + proposal);
            }
        }
    }

    private boolean isSame(ReplicaLog log, long offset) {
        return log.epochAt(offset) == committed.epochAt(offset)
                && log.valueAt(offset) == committed.valueAt(offset);
    }

    void watermarkMoved(Replica replica, long from, long to) {
        ReplicaLog log = replica.log();
        Violation.check(
                to <= log.end(), "R9", () -> "high watermark above the own end: " + replica);
        Leading leading = replica.leading();
        if (leading == null) {
            Following following = replica.following();
            boolean counts = following != null && counts(following.state().leader().leaderEpoch());
            if (counts && to > from) {
                Violation.check(
                        to <= committed.end(),
                        "R7",
                        () -> "follows above what is committed: " + replica);
                // What its leader has deleted it deletes in this very step.
                long start = following.state().log().startOffset();
                checkSame(replica.nodeId(), log, Math.max(from, start), to);
            }
            return;
        }
        Violation.check(to > from, "R5", () -> "high watermark fell from " + from + ": " + replica);
        Violation.check(
                leading.state().isr().isEnough(),
                "R10",
                () -> "moved below the minimum: " + replica);
        if (!counts(replica.ledEpoch())) {
            return;
        }
        checkProposed(replica, to);
        checkSame(replica.nodeId(), log, from, Math.min(to, committed.end()));
        long before = committed.end();
        for (long offset = before; offset < to; offset++) {
            committed.append(log.epochAt(offset), log.valueAt(offset));
        }
        if (committed.end() > before) {
            checkMembers(before);
        }
    }

    private void checkSame(int node, ReplicaLog log, long from, long to) {
        long first = Math.max(from, Math.max(log.start(), committed.start()));
        for (long offset = first; offset < to; offset++) {
            if (!log.holds(offset) || !isSame(log, offset)) {
                throw new Violation(
                        "R7",
                        "n"
                                + node
                                + " has another record at "
                                + offset
                                + ": "
                                + log
                                + ", committed "
                                + committed);
            }
        }
    }

    /** Whether a replica has all that is committed, and nothing else (R7 of whole logs). */
    void checkWhole(Replica replica) {
        checkMember(replica.nodeId(), replica.log(), 0);
        Violation.check(
                replica.log().end() == committed.end(),
                "R7",
                () -> "has more than is committed: " + replica);
    }

    /** R8, R9: everybody who may lead has all that is committed. */
    void checkMembers() {
        checkMembers(0);
    }

    private void checkMembers(long from) {
        PartitionImage image = newest;
        if (image == null || resetting) {
            return;
        }
        List<Integer> members = new ArrayList<>(image.isr());
        members.addAll(image.elr());
        for (int member : members) {
            if (!image.unclean().contains(member) && disks.isWhole(member)) {
                ReplicaLog log = disks.log(member, partition);
                checkMember(member, log == null ? new ReplicaLog() : log, from);
            }
        }
    }

    private void checkMember(int node, ReplicaLog log, long from) {
        Violation.check(
                log.end() >= committed.end(),
                "R8",
                () ->
                        "n"
                                + node
                                + " may lead without all of "
                                + committed
                                + ": "
                                + log
                                + " in "
                                + newest);
        Violation.check(
                log.start() <= deletedTo, "R1", () -> "n" + node + " begins too late: " + log);
        checkSame(node, log, from, committed.end());
    }

    void cutting(Replica replica, long end, int epoch, KnownWatermark known) {
        ReplicaLog log = replica.log();
        Violation.check(
                epoch < 0 || end <= log.start() || log.epochAt(end - 1) <= epoch,
                "R14",
                () -> "cut to " + end + " keeps what is not of epoch " + epoch + ": " + replica);
        Violation.check(
                end >= known.offset() || uncleanEpoch > known.epoch(),
                "R14",
                () -> "cut to " + end + " below its high watermark " + known + ": " + replica);
    }

    void acknowledged(Replica replica, Waiting waiting) {
        Violation.check(
                waiting.leaderEpoch() == replica.ledEpoch(),
                "R16",
                () -> waiting + " was answered in another epoch: " + replica);
        if (!counts(waiting.leaderEpoch())) {
            return;
        }
        ReplicaLog where = waiting.all() ? committed : replica.log();
        if (waiting.duplicate() && waiting.offset() < replica.log().start()) {
            return; // It was written once, and deleted by now.
        }
        boolean there =
                where.holds(waiting.offset()) && where.valueAt(waiting.offset()) == waiting.value();
        Violation.check(
                there, waiting.all() ? "R1" : "R3", () -> waiting + " is not there: " + replica);
    }

    /** A consumer reads all that the leader shows. */
    void read(Replica leader) {
        int epoch = leader.ledEpoch();
        if (!counts(epoch)) {
            return;
        }
        long watermark = leader.highWatermark();
        long before =
                told.headMap(epoch, true).values().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0);
        Violation.check(
                watermark >= before,
                "R5",
                () -> "told " + watermark + " after " + before + " was told: " + leader);
        told.merge(epoch, watermark, Math::max);
        Violation.check(
                watermark <= committed.end(),
                "R6",
                () -> "readable above what is committed: " + leader);
        checkSame(leader.nodeId(), leader.log(), Math.max(0, watermark - 20), watermark);
    }
}
