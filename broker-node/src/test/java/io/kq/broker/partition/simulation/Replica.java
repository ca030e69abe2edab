package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowedLeader;
import io.kq.broker.partition.core.follower.FollowerCore;
import io.kq.broker.partition.core.follower.FollowerInput;
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.partition.core.leader.LeaderInput;
import io.kq.broker.partition.core.leader.LeaderState;
import io.kq.broker.partition.core.leader.LeaderTerm;
import io.kq.broker.partition.core.leader.Refusal;
import io.kq.broker.partition.simulation.Message.Refused;
import io.kq.broker.partition.simulation.Message.Subscribe;
import io.kq.metadata.image.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One partition on one running process, in the role that the image gives it: the thin shell around
 * the deciding code, on a list instead of files. Lives as long as the process; its log outlives it.
 */
public final class Replica {

    /** The deciding code, with the policies of this cluster. */
    public record Cores(
            LeaderCore leader, FollowerCore follower, boolean fsync, Rules.ShellRules shell) {}

    private final int nodeId;
    private final int partition;
    private final Cores cores;
    private final ReplicaLog log;
    private final ReplicaPorts ports;

    /** Producers that wait, in the order of the log. */
    private final List<Waiting> waiting = new ArrayList<>();

    private @Nullable Leading leading;
    private @Nullable Following following;

    /** What is kept over a change of roles: of the last subscription, and of the watermark. */
    private long generation;

    private long knownWatermark;
    private int watermarkEpoch = -1;

    public Replica(int nodeId, int partition, Cores cores, ReplicaLog log, ReplicaPorts ports) {
        this.nodeId = nodeId;
        this.partition = partition;
        this.cores = cores;
        this.log = log;
        this.ports = ports;
        this.knownWatermark = log.start();
    }

    /** The same on a copy of the log, among others. */
    public Replica copy(ReplicaLog copied, ReplicaPorts others) {
        Replica copy = new Replica(nodeId, partition, cores, copied, others);
        copy.waiting.addAll(waiting);
        copy.leading = leading == null ? null : leading.copy(copy);
        copy.following = following == null ? null : following.copy(copy);
        copy.generation = generation;
        copy.knownWatermark = knownWatermark;
        copy.watermarkEpoch = watermarkEpoch;
        return copy;
    }

    public int nodeId() {
        return nodeId;
    }

    public int partition() {
        return partition;
    }

    public ReplicaLog log() {
        return log;
    }

    public boolean fsync() {
        return cores.fsync();
    }

    ReplicaPorts ports() {
        return ports;
    }

    List<Waiting> waiting() {
        return waiting;
    }

    /** Where this node leads; null: it does not. */
    public @Nullable Leading leading() {
        return leading;
    }

    public @Nullable Following following() {
        return following;
    }

    /** Of the epoch that this node leads in; -1: it does not lead. */
    public int ledEpoch() {
        return leading == null ? -1 : leading.state().term().leaderEpoch();
    }

    public long highWatermark() {
        if (leading != null) {
            return leading.state().highWatermark();
        }
        return following == null ? knownWatermark : following.state().highWatermark();
    }

    /** What a follower may acknowledge. A wrong shell forgets about the disk. */
    long acknowledged(long decided) {
        return cores.shell().acknowledgesDurable() ? decided : log.end();
    }

    /** Takes the role that the image gives, with what it says about it. */
    public void show(PartitionView view) {
        PartitionImage shown = view.partition();
        if (shown.leader() == nodeId) {
            if (ledEpoch() == shown.leaderEpoch()) {
                Objects.requireNonNull(leading).input(new LeaderInput.ViewChanged(view.isr()));
            } else if (ledEpoch() < shown.leaderEpoch()) {
                lead(view);
            }
            return;
        }
        if (leading != null) {
            resign();
        }
        if (following == null) {
            following =
                    new Following(
                            this,
                            cores.follower(),
                            FollowerState.of(
                                    log.ends(),
                                    cores.fsync(),
                                    generation,
                                    knownWatermark,
                                    watermarkEpoch));
            if (!ports.takesWrites()) {
                following.input(new FollowerInput.StorageHealth(true));
            }
            if (cores.fsync()) {
                ports.flush(this);
            }
        }
        int leader = shown.hasLeader() ? shown.leader() : FollowedLeader.NOBODY;
        following.input(
                new FollowerInput.LeaderChanged(
                        new FollowedLeader(leader, shown.leaderEpoch(), uncleanEpoch(shown))));
    }

    private static int uncleanEpoch(PartitionImage shown) {
        return shown.uncleanElectionEpoch() == 0 ? -1 : shown.uncleanElectionEpoch();
    }

    private void lead(PartitionView view) {
        PartitionImage shown = view.partition();
        if (leading != null) {
            resign();
        }
        if (following != null) {
            following.leave(shown.leaderEpoch(), uncleanEpoch(shown));
            generation = following.state().generation();
            knownWatermark = following.state().highWatermark();
            watermarkEpoch = following.state().watermark().epoch();
            following = null;
        }
        LeaderTerm term = new LeaderTerm(nodeId, shown.leaderEpoch(), log.end(), cores.fsync());
        leading =
                new Leading(
                        this,
                        cores.leader(),
                        LeaderState.elected(
                                term,
                                log.durableEnd(),
                                knownWatermark,
                                view.isr(),
                                ports.nowNanos()));
        ports.began(this);
        if (!ports.takesWrites()) {
            leading.input(new LeaderInput.StorageHealth(true));
        }
        leading.input(new LeaderInput.Ticked());
        if (cores.fsync()) {
            ports.flush(this);
        }
    }

    private void resign() {
        Leading ended = Objects.requireNonNull(leading);
        ended.input(new LeaderInput.Resigned());
        knownWatermark = ended.state().highWatermark();
        watermarkEpoch = ended.state().term().leaderEpoch();
        leading = null;
    }

    /** The image does not have this replica any more, or the process ends in good order. */
    public void close() {
        if (leading != null) {
            resign();
        }
    }

    /** A message that came over a connection. */
    public void receive(int from, int connection, Message message) {
        boolean forLeader =
                message instanceof Subscribe
                        || message instanceof Message.Progress
                        || message instanceof Message.Unsubscribe;
        if (!forLeader) {
            if (following != null) {
                following.receive(from, connection, message);
            }
        } else if (leading != null) {
            leading.receive(from, connection, message);
        } else if (message instanceof Subscribe asked) {
            ports.send(
                    connection,
                    from,
                    new Refused(partition, asked.generation(), Refusal.NEWER_EPOCH));
        }
    }

    /** A connection broke, as this node sees it. */
    public void disconnected(int connection) {
        if (leading != null) {
            leading.disconnected(connection);
        }
        if (following != null) {
            following.disconnected(connection);
        }
    }

    /** What became of a proposal that was made in a leader epoch. */
    public void proposalAnswered(int leaderEpoch, long number, Outcome outcome) {
        if (leading != null && ledEpoch() == leaderEpoch) {
            leading.answered(number, outcome);
        }
    }

    /** Time has passed. */
    public void tick(boolean controllerLost) {
        if (leading != null) {
            if (leading.state().controllerLost() != controllerLost) {
                leading.input(new LeaderInput.ControllerReach(controllerLost));
            }
            leading.input(new LeaderInput.Ticked());
        }
    }

    public void tickFollower() {
        if (following != null) {
            following.input(new FollowerInput.Ticked());
        }
    }

    /** The disk has the log up to there. */
    public void becameDurable(long end) {
        log.flush(end);
        if (leading != null) {
            leading.input(new LeaderInput.BecameDurable(log.durableEnd()));
        } else if (following != null) {
            following.input(new FollowerInput.BecameDurable(log.durableEnd()));
        }
    }

    /** The disk takes no more writes, or does again. */
    public void storageHealth(boolean failed) {
        if (leading != null) {
            leading.input(new LeaderInput.StorageHealth(failed));
        } else if (following != null) {
            following.input(new FollowerInput.StorageHealth(failed));
        }
    }

    /** Deletes old records of a leader, up to its high watermark at most. */
    public void trim(long offset) {
        if (leading != null) {
            log.trim(Math.min(offset, leading.state().highWatermark()));
            ports.trimmed(this);
            leading.pump();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Replica that
                && nodeId == that.nodeId
                && partition == that.partition
                && generation == that.generation
                && knownWatermark == that.knownWatermark
                && watermarkEpoch == that.watermarkEpoch
                && waiting.equals(that.waiting)
                && Objects.equals(leading, that.leading)
                && Objects.equals(following, that.following);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                nodeId,
                partition,
                generation,
                knownWatermark,
                watermarkEpoch,
                waiting,
                leading,
                following);
    }

    @Override
    public String toString() {
        String role =
                leading != null
                        ? "leads e" + ledEpoch() + " hw " + highWatermark()
                        : following != null
                                ? following.state().phase()
                                        + " of "
                                        + following.state().leader().nodeId()
                                        + " e"
                                        + following.state().leader().leaderEpoch()
                                        + " hw "
                                        + highWatermark()
                                : "no role";
        return "n" + nodeId + "/p" + partition + " " + role + " " + log;
    }
}
