package io.kq.broker.partition;

import io.kq.broker.compaction.CompactedPartition;
import io.kq.broker.partition.core.follower.FollowedLeader;
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.follower.KnownWatermark;
import io.kq.broker.partition.core.leader.IsrView;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.partition.core.leader.LeaderState;
import io.kq.broker.partition.core.leader.LeaderTerm;
import io.kq.broker.partition.follower.FailedReplica;
import io.kq.broker.partition.follower.FollowerFiles;
import io.kq.broker.partition.follower.LeaderLinks;
import io.kq.broker.partition.follower.PartitionFollower;
import io.kq.broker.partition.isr.Proposals;
import io.kq.log.LogConfig;
import io.kq.log.LogConfig.Flush;
import io.kq.log.PartitionLog;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.retention.RetentionPolicy;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica that this node stores, and the role it has. Changed on the registry's loop only;
 * {@link #leader} and {@link #unavailable} are for any thread.
 */
final class HostedPartition {

    private static final Logger LOGGER = LoggerFactory.getLogger(HostedPartition.class);

    private final TopicPartition name;
    private final Surroundings around;

    /** Done when no blocking work on this partition's files is under way: the next follows it. */
    private CompletableFuture<?> files;

    /** Null until it is open. */
    private volatile @Nullable PartitionLog log;

    private Flush flush = Flush.OS;

    /** What the last role here knew: the next one does not start below it. */
    private KnownWatermark watermark = new KnownWatermark(0, -1, 0);

    /** Of the last subscription of a follower here. */
    private long generation;

    /** Null while this node does not follow. */
    private volatile @Nullable PartitionFollower follower;

    private boolean failed;
    private boolean beganAnew;
    private @Nullable FailedReplica report;

    private volatile @Nullable PartitionLeader leader;
    private volatile RejectedException unavailable;

    /**
     * What roles need of the node.
     *
     * @param leaders ways to the leaders of what is followed
     * @param core how leaders judge their followers
     */
    record Surroundings(
            int nodeId,
            Clock clock,
            EventLoop timers,
            LeaderLinks leaders,
            Proposals proposals,
            LeaderCore core) {}

    /** Not open yet; its first work on files follows what {@code files} stands for. */
    HostedPartition(TopicPartition name, Surroundings around, CompletableFuture<?> files) {
        this.name = name;
        this.around = around;
        this.files = files;
        this.unavailable = notReady("is opening its log of ");
    }

    private RejectedException notReady(String what) {
        return new RejectedException(
                ErrorCode.NOT_READY, "node " + around.nodeId() + " " + what + name);
    }

    TopicPartition name() {
        return name;
    }

    /** The leader, if this node leads now. Any thread. */
    @Nullable PartitionLeader leader() {
        return leader;
    }

    /** Why nobody leads here. Any thread. */
    RejectedException unavailable() {
        return unavailable;
    }

    /** Runs {@code next} when the work on the files that was asked for before is done. */
    CompletableFuture<?> files() {
        return files;
    }

    void filesBusyUntil(CompletableFuture<?> done) {
        files = done;
    }

    void opened(PartitionLog opened, LogConfig config) {
        log = opened;
        flush = config.flush();
        unavailable = notReady("is taking over ");
    }

    /** Its log cannot be had. */
    void openFailed(RejectedException reason) {
        unavailable = reason;
        failed = true;
    }

    /** Whether its log cannot be had: it neither leads nor follows. */
    boolean hasFailed() {
        return failed;
    }

    /** Tells a leader that counts on this replica that it should not. */
    void report(FollowedLeader whom, TopicIdPartition id) {
        FailedReplica telling = report;
        if (telling == null) {
            telling = new FailedReplica(name, id, around.leaders(), around.timers());
            report = telling;
        }
        telling.report(whom);
    }

    /** There is nobody who counts on it. */
    void endReport() {
        FailedReplica telling = report;
        if (telling != null) {
            report = null;
            telling.close();
        }
    }

    /**
     * Gives up its log to fetch it anew; once in a process, since what fails again is not the log.
     *
     * @return whether it does
     */
    boolean mayBeginAnew() {
        if (beganAnew) {
            return false;
        }
        beganAnew = true;
        failed = false;
        endReport();
        unavailable = notReady("is opening its log of ");
        return true;
    }

    /**
     * What was read turned out to be damaged: a replica that does not lead is as one that could not
     * be opened. One that leads goes on with what is whole, until another one leads.
     */
    void checkDamage() {
        PartitionLog opened = log().orElse(null);
        if (opened == null || leader != null) {
            return;
        }
        opened.damage()
                .ifPresent(
                        damage -> {
                            PartitionFollower following = follower;
                            if (following == null || !following.isCutting()) {
                                close(damage.refusal());
                                follower = null;
                                log = null;
                                openFailed(damage.refusal());
                            }
                        });
    }

    /** New settings of the topic; {@code flush} holds from the next leader epoch on. */
    void configure(LogConfig config) {
        PartitionLog opened = log;
        if (opened == null) {
            return;
        }
        opened.configure(config);
        flush = config.flush();
        if (follower != null) {
            follower.flushChanged(flush == Flush.FSYNC);
        }
    }

    /**
     * Leads from {@code leaderEpoch} on; in the epoch it leads already, takes the ISR. Not yet
     * while the log is being cut: to be asked again after that.
     */
    void lead(int leaderEpoch, IsrView isr, RejectedException superseded) {
        if (log == null || !endsFollowing(leaderEpoch)) {
            return;
        }
        PartitionLog opened = log;
        PartitionLeader current = leader;
        if (current != null && current.leaderEpoch() != leaderEpoch) {
            resign(superseded);
            current = null;
        }
        if (current == null) {
            current = elected(opened, leaderEpoch, isr);
            LOGGER.info(
                    "Became leader partition={} leaderEpoch={} logEndOffset={}",
                    name,
                    leaderEpoch,
                    opened.logEndOffset());
        }
        current.isrChanged(isr);
        current.makeDurable();
        leader = current;
    }

    /** False while the follower's files are being changed. */
    private boolean endsFollowing(int leaderEpoch) {
        PartitionFollower following = follower;
        if (following == null) {
            return true;
        }
        following.follow(new FollowedLeader(FollowedLeader.NOBODY, leaderEpoch, -1));
        if (following.isCutting()) {
            return false;
        }
        FollowerState last = following.state();
        watermark = last.watermark();
        generation = last.generation();
        log = following.log();
        follower = null;
        return true;
    }

    /** Follows what the image says, nobody perhaps. Leads no more. */
    void follow(FollowedLeader whom, FollowerFiles followerFiles, RejectedException elsewhere) {
        resign(elsewhere);
        PartitionLog opened = log;
        if (opened == null) {
            return;
        }
        unavailable = elsewhere;
        PartitionFollower following = follower;
        if (following == null) {
            if (!whom.exists()) {
                return;
            }
            following =
                    new PartitionFollower(
                            name,
                            opened,
                            FollowerState.of(
                                    PartitionFollower.endsOf(opened),
                                    flush == Flush.FSYNC,
                                    generation,
                                    Math.max(watermark.offset(), opened.logStartOffset()),
                                    watermark.epoch()),
                            around.leaders(),
                            followerFiles,
                            around.clock(),
                            around.timers());
            follower = following;
        }
        following.follow(whom);
    }

    /** Time has passed. */
    void tick() {
        if (leader != null) {
            leader.tick();
        } else if (follower != null) {
            follower.tick();
        }
    }

    /** Whether a controller has answered within a session's length. */
    void controllerReach(boolean lost) {
        if (leader != null) {
            leader.controllerReach(lost);
        }
    }

    /** Where its log ends; empty while that is not known. Any thread. */
    Optional<PartitionLog> log() {
        PartitionFollower following = follower;
        return Optional.ofNullable(following == null ? log : following.log());
    }

    private PartitionLeader elected(PartitionLog opened, int leaderEpoch, IsrView isr) {
        LeaderTerm term =
                new LeaderTerm(
                        around.nodeId(), leaderEpoch, opened.logEndOffset(), flush == Flush.FSYNC);
        LeaderState state =
                LeaderState.elected(
                        term,
                        opened.durableEndOffset(),
                        Math.max(watermark.offset(), opened.logStartOffset()),
                        isr,
                        around.clock().nanoTime());
        return new PartitionLeader(
                name,
                opened,
                around.core(),
                state,
                around.proposals(),
                around.clock(),
                around.timers());
    }

    /**
     * Deletes what {@code policy} lets go of, when run; where it may block. Empty unless this node
     * leads: a follower's log starts where its leader's does.
     */
    Optional<Runnable> retention(RetentionPolicy policy) {
        PartitionLeader leading = leader;
        return leading == null
                ? Optional.empty()
                : Optional.of(() -> leading.reads().retain(policy, around.clock().epochMillis()));
    }

    /**
     * What a pass of compaction needs to know of it; empty while its log is not open. Any thread.
     */
    Optional<CompactedPartition> compacted(CompactionPolicy policy) {
        return log().map(open -> new CompactedPartition(name, open, policy, committedEnd()));
    }

    private long committedEnd() {
        PartitionLeader leading = leader;
        PartitionFollower following = follower;
        if (leading != null) {
            return leading.reads().highWatermark();
        }
        return following == null ? watermark.offset() : following.state().highWatermark();
    }

    /** The node stops: ends the role. */
    void close(RejectedException reason) {
        resign(reason);
        endReport();
        PartitionFollower following = follower;
        if (following != null) {
            following.close();
        }
    }

    /** Ends the leadership, if there is one. */
    void resign(RejectedException reason) {
        PartitionLeader current = leader;
        if (current != null) {
            leader = null;
            current.resign(reason);
            long known = current.reads().highWatermark();
            watermark = new KnownWatermark(known, current.leaderEpoch(), known);
            LOGGER.info(
                    "Resigned partition={} leaderEpoch={} reason={}",
                    name,
                    current.leaderEpoch(),
                    reason.code());
        }
    }
}
