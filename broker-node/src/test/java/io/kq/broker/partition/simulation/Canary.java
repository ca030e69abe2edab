package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowerRules;
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.follower.ResponseCheck;
import io.kq.broker.partition.core.follower.Truncation;
import io.kq.broker.partition.core.leader.AckCheck;
import io.kq.broker.partition.core.leader.HighWatermark;
import io.kq.broker.partition.core.leader.IsrJoin;
import io.kq.broker.partition.core.leader.LeaderRules;
import io.kq.broker.partition.core.leader.LeaderRules.EpochEnd;
import io.kq.broker.partition.core.leader.LeaderRules.Readers;
import io.kq.broker.partition.core.leader.LeaderRules.UnknownOutcome;
import io.kq.broker.partition.core.leader.LeaderState;
import io.kq.broker.partition.core.leader.LogMatch;
import io.kq.broker.partition.core.leader.ReplicaView;
import io.kq.broker.partition.simulation.Rules.ShellRules;
import io.kq.metadata.placement.ReplicaRules;
import java.util.Set;

/**
 * Rules that others have had, and lost data by, each in the place of the right one. A simulation
 * that does not find them finds nothing.
 */
@SuppressWarnings("ImmutableEnumChecker") // Rules are functions without state.
enum Canary {
    /** AsyncIsr.tla: proposed members do not hold the high watermark. */
    WATERMARK_OVER_COMMITTED_ISR(highWatermark(Canary::overCommitted)),

    /** Before KIP-966: it moves on whatever the size of the ISR. */
    WATERMARK_BELOW_MINIMUM(highWatermark(Canary::withoutMinimum)),

    /** A member that has said nothing in this epoch does not hold it. */
    WATERMARK_WITHOUT_THE_SILENT(highWatermark(Canary::overThoseThatSpoke)),

    /** Before KIP-101: logs are compared by their lengths. */
    MATCH_BY_LENGTH(match((asked, state) -> asked.endOffset() <= state.logEndOffset())),

    /** KIP-279: the epoch is known, and that it ends earlier is not looked at. */
    MATCH_BY_EPOCH_ALONE(
            match(
                    (asked, state) ->
                            asked.endOffset() <= asked.logStartOffset()
                                    || asked.ownEpoch() == asked.lastEpoch())),

    /** KIP-320: what was acknowledged to an older leader counts. */
    ACKNOWLEDGED_IN_ANOTHER_EPOCH(
            acks(
                    (ack, progress, state) ->
                            ack.brokerEpoch() == progress.brokerEpoch()
                                    && ack.endOffset() <= state.logEndOffset()),
            Fault.SLOW_NETWORK,
            Fault.PREFERRED_ELECTION,
            Fault.PAUSE,
            Fault.BROKEN_CONNECTION),

    /** KIP-903: words of an incarnation that has lost its disk count. */
    ACKNOWLEDGED_BY_ANOTHER_INCARNATION(
            acks(
                    (ack, progress, state) ->
                            ack.leaderEpoch() == state.term().leaderEpoch()
                                    && ack.endOffset() <= state.logEndOffset()),
            Fault.LOST_DISK,
            Fault.SLOW_NETWORK,
            Fault.ISOLATE),

    /** KIP-320, rule 4: the high watermark is enough to join, though the leader's may lag. */
    JOIN_BEFORE_EPOCH_START(
            join(
                    (progress, view, state) ->
                            progress.hasAcknowledged()
                                    && progress.endOffset() >= state.highWatermark()),
            Fault.PAUSE,
            Fault.KILL,
            Fault.SLOW_NETWORK),

    /** Whoever is heard of joins. */
    JOIN_AT_ONCE(join((progress, view, state) -> progress.hasAcknowledged())),

    /** KIP-207: a new leader tells what it knew as a follower. */
    READABLE_BEFORE_EPOCH_START(readers()),

    /** A proposal without an answer is taken for refused. */
    UNKNOWN_OUTCOME_FORGOTTEN(
            forgotten(),
            Fault.CUT_FROM_CONTROLLER,
            Fault.KILL,
            Fault.LOST_ANSWER,
            Fault.SLOW_CALLS),

    /** KAFKA-20634: who waited in one epoch is answered by another. */
    WAITING_OVER_EPOCHS(kept()),

    /** KIP-101: the follower cuts to what it knows to be committed. */
    CUT_TO_HIGH_WATERMARK(cut((diverged, state) -> state.highWatermark())),

    /** KIP-279: what the follower's own log says of that epoch is not looked at. */
    CUT_TO_THE_LEADERS_END(
            cut((diverged, state) -> Math.min(diverged.endOffset(), state.log().endOffset())),
            Fault.DRAIN,
            Fault.LATE_IMAGES,
            Fault.KILL,
            Fault.SLOW_NETWORK),

    /** KAFKA-18991: late words of an older subscription are taken. */
    WORDS_OF_ANOTHER_GENERATION(
            words(
                    (state, generation, leaderEpoch) ->
                            isSubscribed(state) && leaderEpoch == state.leader().leaderEpoch()),
            Fault.SLOW_NETWORK,
            Fault.BROKEN_CONNECTION,
            Fault.PAUSE,
            Fault.PREFERRED_ELECTION),

    /** KIP-320: late words of an older leader are taken. */
    WORDS_OF_ANOTHER_LEADER(words((state, generation, leaderEpoch) -> isSubscribed(state))),

    /** KAFKA-15221: a member is a number, whatever its incarnation. */
    MEMBERS_BY_ID(
            Rules.STANDARD.with(new ReplicaRules(false, true, true)),
            Fault.LOST_DISK,
            Fault.SLOW_CALLS,
            Fault.ISOLATE),

    /** Kafka 0.8: anybody leads who is there. */
    UNCLEAN_ELECTION(Rules.STANDARD.with(new ReplicaRules(true, false, true))),

    /** Before KIP-966: who lost its page cache stays a candidate. */
    UNCLEAN_RESTART_STAYS(Rules.STANDARD.with(new ReplicaRules(true, true, false))),

    /** A process acts on an image that is older than itself. */
    ROLES_FROM_OLD_IMAGES(Rules.STANDARD.with(new ShellRules(false, true, true))),

    /** The second start after a power cut looks clean. */
    UNCLEAN_MARK_FORGOTTEN(
            Rules.STANDARD.with(new ShellRules(true, false, true)),
            Fault.POWER_CUT,
            Fault.KILL,
            Fault.SLOW_CALLS),

    /** flush=fsync acknowledges what is in memory. */
    ACKNOWLEDGED_BEFORE_FSYNC(
            Rules.STANDARD.with(new ShellRules(true, true, false)),
            Fault.POWER_CUT,
            Fault.POWER_CUT_OF_ALL,
            Fault.SLOW_DISK);

    private final Rules rules;
    private final Set<Fault> focus;

    Canary(Rules rules, Fault... focus) {
        this.rules = rules;
        this.focus = Set.of(focus);
    }

    /** Faults without which it does no harm; empty: any do. */
    Set<Fault> focus() {
        return focus;
    }

    Rules rules() {
        return rules;
    }

    private static long overCommitted(LeaderState state) {
        return state.isr().isEnough() ? HighWatermark.leastCommitted(state) : state.highWatermark();
    }

    private static long withoutMinimum(LeaderState state) {
        long least = HighWatermark.leastCommitted(state);
        for (ReplicaView view : state.isr().replicas()) {
            if (state.isProposed(view.replica())) {
                least = Math.min(least, state.endOf(view.replica()));
            }
        }
        return least;
    }

    private static long overThoseThatSpoke(LeaderState state) {
        if (!state.isr().isEnough()) {
            return state.highWatermark();
        }
        long least = state.ownEndOffset();
        for (ReplicaView view : state.isr().replicas()) {
            int id = view.replica();
            boolean member = state.isr().committed().contains(id) || state.isProposed(id);
            if (member && state.endOf(id) >= 0) {
                least = Math.min(least, state.endOf(id));
            }
        }
        return least;
    }

    private static boolean isSubscribed(FollowerState state) {
        return state.phase() == FollowerState.Phase.SUBSCRIBING
                || state.phase() == FollowerState.Phase.FOLLOWING;
    }

    private static LeaderRules right() {
        return LeaderRules.STANDARD;
    }

    private static Rules highWatermark(HighWatermark rule) {
        return leader(rule, right().match(), right().acks(), right().join());
    }

    private static Rules match(LogMatch rule) {
        return leader(right().highWatermark(), rule, right().acks(), right().join());
    }

    private static Rules acks(AckCheck rule) {
        return leader(right().highWatermark(), right().match(), rule, right().join());
    }

    private static Rules join(IsrJoin rule) {
        return leader(right().highWatermark(), right().match(), right().acks(), rule);
    }

    private static Rules leader(
            HighWatermark watermark, LogMatch match, AckCheck acks, IsrJoin join) {
        return Rules.STANDARD.with(
                new LeaderRules(
                        watermark,
                        match,
                        acks,
                        join,
                        right().readers(),
                        right().unknownOutcome(),
                        right().epochEnd()));
    }

    private static Rules readers() {
        return states(Readers.ALWAYS, right().unknownOutcome(), right().epochEnd());
    }

    private static Rules forgotten() {
        return states(right().readers(), UnknownOutcome.FORGOTTEN, right().epochEnd());
    }

    private static Rules kept() {
        return states(right().readers(), right().unknownOutcome(), EpochEnd.KEEPS);
    }

    private static Rules states(Readers readers, UnknownOutcome unknown, EpochEnd end) {
        return Rules.STANDARD.with(
                new LeaderRules(
                        right().highWatermark(),
                        right().match(),
                        right().acks(),
                        right().join(),
                        readers,
                        unknown,
                        end));
    }

    private static Rules cut(Truncation rule) {
        return Rules.STANDARD.with(
                new FollowerRules(rule, FollowerRules.STANDARD.responses(), false));
    }

    private static Rules words(ResponseCheck rule) {
        return Rules.STANDARD.with(
                new FollowerRules(FollowerRules.STANDARD.truncation(), rule, false));
    }
}
