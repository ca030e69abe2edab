package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowerCore;
import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.broker.partition.core.leader.LagBounds;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A cluster so small that all that can happen to it can be tried: one partition, a few records, a
 * few faults, and no time. One state of it; {@link #choices} says what can happen next.
 */
final class SmallCluster implements PartitionTruth.Disks {

    /**
     * How small.
     *
     * @param records that producers write
     * @param faults crashes, losses of power, fenced without cause, lost answers, lags
     * @param subscriptions of one follower
     */
    record Bounds(
            int nodes, int minIsr, int records, int faults, int subscriptions, boolean powerCuts) {}

    /** Something that can happen. */
    record Choice(String what, Consumer<SmallCluster> effect) {}

    private record Word(int connection, Message message) {}

    private record Asked(int node, int leaderEpoch, IsrProposal proposal) {}

    private record Answer(int node, int leaderEpoch, long number, Outcome outcome) {}

    static final long LAG_MAX = 1_000;

    private final Bounds bounds;
    private final Replica.Cores cores;
    private final SmallQuorum quorum;
    private final SmallNode[] nodes;
    private final PartitionTruth truth;

    /** By sender and receiver. */
    private final List<List<ArrayDeque<Word>>> wires = new ArrayList<>();

    private final List<Asked> asked = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private int written;
    private int faults;
    private long now;

    SmallCluster(Bounds bounds, Rules rules) {
        this.bounds = bounds;
        this.cores =
                new Replica.Cores(
                        new LeaderCore(rules.leader(), new LagBounds(LAG_MAX, LAG_MAX), 0),
                        new FollowerCore(rules.follower(), 0),
                        false,
                        rules.shell());
        this.quorum = new SmallQuorum(bounds.nodes(), bounds.minIsr(), rules.controller());
        this.nodes = new SmallNode[bounds.nodes()];
        this.truth = new PartitionTruth(0, this);
        for (int id = 0; id < nodes.length; id++) {
            nodes[id] = new SmallNode(id, this);
            addWires();
        }
        truth.decided(quorum.newest().topics().get(World.TOPIC).partitions().get(0));
        for (SmallNode node : nodes) {
            node.start(quorum.epochOf(node.id()), quorum.last() - 1);
            node.applyNext();
        }
    }

    private SmallCluster(SmallCluster other) {
        bounds = other.bounds;
        cores = other.cores;
        quorum = other.quorum.copy();
        nodes = new SmallNode[other.nodes.length];
        truth = other.truth.copy(this);
        for (int id = 0; id < nodes.length; id++) {
            nodes[id] = other.nodes[id].copy(this);
            addWires();
            for (int to = 0; to < nodes.length; to++) {
                wire(id, to).addAll(other.wire(id, to));
            }
        }
        asked.addAll(other.asked);
        answers.addAll(other.answers);
        written = other.written;
        faults = other.faults;
    }

    SmallCluster copy() {
        return new SmallCluster(this);
    }

    private void addWires() {
        List<ArrayDeque<Word>> out = new ArrayList<>();
        for (int to = 0; to < nodes.length; to++) {
            out.add(new ArrayDeque<>());
        }
        wires.add(out);
    }

    private ArrayDeque<Word> wire(int from, int to) {
        return wires.get(from).get(to);
    }

    Replica.Cores cores() {
        return cores;
    }

    SmallQuorum quorum() {
        return quorum;
    }

    PartitionTruth truth() {
        return truth;
    }

    long now() {
        return now;
    }

    SmallNode node(int id) {
        return nodes[id];
    }

    @Override
    public @Nullable ReplicaLog log(int node, int partition) {
        return nodes[node].log();
    }

    @Override
    public boolean isWhole(int node) {
        return !nodes[node].isLossy();
    }

    @Override
    public long brokerEpoch(int node) {
        return quorum.epochOf(node);
    }

    void send(int from, int to, int connection, Message message) {
        if (nodes[to].isRunning() && connection >= 0) {
            wire(from, to).add(new Word(connection, message));
        }
    }

    void propose(int node, Replica leader, IsrProposal proposal) {
        truth.proposed(leader, proposal);
        asked.add(new Asked(node, proposal.leaderEpoch(), proposal));
    }

    /** All that can happen next. */
    List<Choice> choices() {
        List<Choice> all = new ArrayList<>();
        for (SmallNode node : nodes) {
            int id = node.id();
            for (int to = 0; to < nodes.length; to++) {
                int target = to;
                if (!wire(id, to).isEmpty()) {
                    all.add(new Choice(id + " reaches " + to, c -> c.deliver(id, target)));
                }
            }
            if (node.isRunning()) {
                ofRunning(node, all);
            } else {
                all.add(new Choice(id + " starts", c -> c.restart(id)));
            }
            if (quorum.mayFence(id) && (!node.isRunning() || faults < bounds.faults())) {
                all.add(new Choice(id + " is fenced", c -> c.fence(id)));
            }
        }
        for (int i = 0; i < asked.size(); i++) {
            int index = i;
            all.add(new Choice("judged " + asked.get(i), c -> c.judge(index)));
        }
        for (int i = 0; i < answers.size(); i++) {
            int index = i;
            all.add(new Choice("answered " + answers.get(i), c -> c.answer(index, false)));
            if (faults < bounds.faults()) {
                all.add(new Choice("lost " + answers.get(i), c -> c.answer(index, true)));
            }
        }
        return all;
    }

    private void ofRunning(SmallNode node, List<Choice> all) {
        int id = node.id();
        if (node.applied() < quorum.last()) {
            all.add(new Choice(id + " hears news", c -> c.nodes[id].applyNext()));
        } else if (quorum.mayUnfence(id)) {
            all.add(new Choice(id + " is unfenced", c -> c.unfence(id)));
        }
        Replica replica = node.replica();
        Leading leading = replica == null ? null : replica.leading();
        Following following = replica == null ? null : replica.following();
        if (leading != null && written < bounds.records()) {
            all.add(new Choice("written to " + id, c -> c.write(id)));
        }
        if (leading != null) {
            all.add(new Choice(id + " ticks", c -> c.tick(id, 0)));
            if (faults < bounds.faults()) {
                all.add(new Choice(id + " finds who lags", c -> c.tick(id, LAG_MAX + 1)));
            }
        }
        if (following != null
                && following.state().phase() == FollowerState.Phase.PAUSING
                && following.state().generation() < bounds.subscriptions()) {
            all.add(new Choice(id + " asks again", c -> c.tickFollower(id)));
        }
        if (faults < bounds.faults()) {
            all.add(new Choice(id + " is killed", c -> c.crash(id, false)));
            if (bounds.powerCuts()) {
                all.add(new Choice(id + " loses power", c -> c.crash(id, true)));
            }
        }
    }

    private void deliver(int from, int to) {
        Word word = wire(from, to).remove();
        nodes[to].receive(from, word.connection(), word.message());
    }

    private void write(int id) {
        Leading leading = Objects.requireNonNull(nodes[id].replica()).leading();
        Objects.requireNonNull(leading).append(written, 100 + written, true);
        written++;
    }

    private void tick(int id, long at) {
        faults += at > 0 ? 1 : 0;
        now = at;
        Objects.requireNonNull(nodes[id].replica()).tick(false);
        now = 0;
    }

    private void tickFollower(int id) {
        Objects.requireNonNull(nodes[id].replica()).tickFollower();
    }

    /** What it has sent may still arrive; what was on the way to it does not. */
    private void crash(int id, boolean power) {
        faults++;
        nodes[id].crash(power);
        for (SmallNode other : nodes) {
            wire(other.id(), id).clear();
        }
        for (SmallNode other : nodes) {
            other.lostConnectionsWith(id);
        }
        answers.removeIf(a -> a.node() == id);
    }

    private void restart(int id) {
        if (quorum.mayFence(id)) {
            fence(id);
        }
        quorum.register(id, nodes[id].isLossy());
        nodes[id].start(quorum.epochOf(id), quorum.last() - 1);
        decided();
    }

    private void fence(int id) {
        faults += nodes[id].isRunning() ? 1 : 0;
        quorum.fence(id);
        decided();
    }

    private void unfence(int id) {
        quorum.unfence(id);
        decided();
    }

    private void decided() {
        truth.decided(quorum.newest().topics().get(World.TOPIC).partitions().get(0));
    }

    private void judge(int index) {
        Asked ask = asked.remove(index);
        boolean taken = quorum.judge(ask.node(), ask.proposal());
        truth.judged(ask.proposal());
        decided();
        if (nodes[ask.node()].isRunning()) {
            answers.add(
                    new Answer(
                            ask.node(),
                            ask.leaderEpoch(),
                            ask.proposal().number(),
                            taken ? Outcome.TAKEN : Outcome.REFUSED));
        }
    }

    private void answer(int index, boolean lost) {
        Answer answer = answers.remove(index);
        faults += lost ? 1 : 0;
        Replica replica = nodes[answer.node()].replica();
        if (replica != null) {
            replica.proposalAnswered(
                    answer.leaderEpoch(),
                    answer.number(),
                    lost ? Outcome.UNKNOWN : answer.outcome());
        }
    }

    /** A reader asks every leader; rule 15 says which may answer. */
    void read() {
        for (SmallNode node : nodes) {
            Replica replica = node.replica();
            Leading leading = replica == null ? null : replica.leading();
            if (replica != null && leading != null && leading.isReadable()) {
                truth.read(replica);
            }
        }
    }

    /** Two states with the same fingerprint are taken for one. */
    long fingerprint() {
        long hash = 17;
        for (SmallNode node : nodes) {
            hash = mix(hash, node.stateHash());
            for (int to = 0; to < nodes.length; to++) {
                for (Word word : wire(node.id(), to)) {
                    hash = mix(hash, word.hashCode());
                }
                hash = mix(hash, 7);
            }
        }
        hash = mix(hash, quorum.stateHash(oldestApplied()));
        hash = mix(hash, truth.stateHash());
        hash = mix(hash, asked.hashCode());
        hash = mix(hash, answers.hashCode());
        return mix(hash, 31L * written + faults);
    }

    private int oldestApplied() {
        int oldest = quorum.last();
        for (SmallNode node : nodes) {
            oldest = node.isRunning() ? Math.min(oldest, node.applied()) : oldest;
        }
        return oldest;
    }

    private static long mix(long hash, long more) {
        long mixed = (hash ^ more) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 29);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        MetadataImage image = quorum.newest();
        text.append(image.topics().get(World.TOPIC).partitions().get(0)).append('\n');
        for (BrokerImage broker : image.allBrokers()) {
            text.append("n").append(broker.id()).append(broker.fenced() ? " fenced " : " up ");
            text.append(nodes[broker.id()].replica()).append(' ');
            text.append(nodes[broker.id()].log()).append('\n');
        }
        return text.toString();
    }
}
