package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.broker.partition.core.leader.Refusal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A node of a {@link SmallCluster}: a disk, and a process or none. */
final class SmallNode implements ReplicaPorts {

    private final int id;
    private final SmallCluster cluster;
    private final ReplicaLog log;
    private @Nullable Replica replica;
    private boolean running;
    private boolean lossy;
    private long brokerEpoch = -1;
    private int applied;

    SmallNode(int id, SmallCluster cluster) {
        this(id, cluster, new ReplicaLog());
    }

    private SmallNode(int id, SmallCluster cluster, ReplicaLog log) {
        this.id = id;
        this.cluster = cluster;
        this.log = log;
    }

    SmallNode copy(SmallCluster owner) {
        SmallNode copy = new SmallNode(id, owner, log.copy());
        copy.replica = replica == null ? null : replica.copy(copy.log, copy);
        copy.running = running;
        copy.lossy = lossy;
        copy.brokerEpoch = brokerEpoch;
        copy.applied = applied;
        return copy;
    }

    int id() {
        return id;
    }

    ReplicaLog log() {
        return log;
    }

    @Nullable Replica replica() {
        return replica;
    }

    boolean isRunning() {
        return running;
    }

    boolean isLossy() {
        return lossy;
    }

    int applied() {
        return applied;
    }

    /** A new process that is registered; it knows images up to an index. */
    void start(long epoch, int index) {
        running = true;
        lossy = false;
        brokerEpoch = epoch;
        applied = index;
    }

    void crash(boolean power) {
        running = false;
        replica = null;
        if (power) {
            log.cut(log.durableEnd());
            lossy = true;
        }
    }

    void applyNext() {
        applied++;
        PartitionView view = PartitionView.of(cluster.quorum().image(applied), World.TOPIC, 0);
        if (view == null) {
            return;
        }
        if (replica == null) {
            replica = new Replica(id, 0, cluster.cores(), log, this);
        }
        replica.show(view);
    }

    void receive(int from, int connection, Message message) {
        if (replica != null) {
            replica.receive(from, connection, message);
        } else if (message instanceof Message.Subscribe asked) {
            send(connection, from, new Message.Refused(0, asked.generation(), Refusal.NO_REPLICA));
        }
    }

    void lostConnectionsWith(int other) {
        if (replica != null && other != id) {
            for (int incarnation = 0; incarnation < 5; incarnation++) {
                replica.disconnected(connection(id, brokerEpoch, other, incarnation));
                replica.disconnected(connection(other, incarnation, id, brokerEpoch));
            }
        }
    }

    /** Connections have names: states that differ in how they came about are the same. */
    private static int connection(int follower, long ofEpoch, int leader, long itsEpoch) {
        return (int) (1_000 * follower + 100 * leader + 10 * ofEpoch + itsEpoch);
    }

    int stateHash() {
        return Objects.hash(
                log, replica, running, lossy, brokerEpoch, cluster.quorum().last() - applied);
    }

    @Override
    public long nowNanos() {
        return cluster.now();
    }

    @Override
    public long brokerEpoch() {
        return brokerEpoch;
    }

    @Override
    public boolean takesWrites() {
        return true;
    }

    @Override
    public int connect(int leader) {
        return connection(id, brokerEpoch, leader, cluster.node(leader).brokerEpoch());
    }

    @Override
    public void send(int connection, int to, Message message) {
        cluster.send(id, to, connection, message);
    }

    @Override
    public void propose(Replica leader, IsrProposal proposal) {
        cluster.propose(id, leader, proposal);
    }

    @Override
    public void wakeAt(Replica follower, long nanos) {}

    @Override
    public void flush(Replica flushed) {}

    @Override
    public void acknowledged(Replica leader, Waiting waiting) {
        cluster.truth().acknowledged(leader, waiting);
    }

    @Override
    public void abandoned(Replica leader, Waiting waiting) {}

    @Override
    public void counted(Replica leader, int from, Message.Progress progress) {
        PartitionTruth.counted(leader, from, progress);
    }

    @Override
    public void believed(Replica follower, long generation, int leaderEpoch) {
        PartitionTruth.believed(follower, generation, leaderEpoch);
    }

    @Override
    public void began(Replica leader) {
        cluster.truth().began(leader);
    }

    @Override
    public void watermarkMoved(Replica moved, long from, long to) {
        cluster.truth().watermarkMoved(moved, from, to);
    }

    @Override
    public void trimmed(Replica leader) {
        cluster.truth().trimmed(leader);
    }

    @Override
    public void cutting(Replica cut, long end, int epoch) {
        Following following = cut.following();
        if (following != null) {
            FollowerState state = following.state();
            cluster.truth().cutting(cut, end, epoch, state.watermark());
        }
    }

    @Override
    public void logChanged(Replica changed) {
        cluster.truth().checkMembers();
    }

    @Override
    public void halted(Replica halted, long cutOffset, long highWatermark) {
        throw new Violation("R14", "stands still: " + halted);
    }
}
