package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.follower.FollowerState;
import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.broker.partition.core.leader.IsrProposal.Outcome;
import io.kq.broker.partition.core.leader.Refusal;
import io.kq.metadata.controller.BrokerSessions.HeartbeatAnswer;
import io.kq.metadata.decision.MetadataOperation.AlterIsr;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.MetadataImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A running broker: its session, its image, its replicas. */
final class SimulatedProcess implements ReplicaPorts {

    private static final int HEARTBEAT_MILLIS = 200;
    private static final int TICK_MILLIS = 100;
    private static final int REQUEST_TIMEOUT_MILLIS = 1_500;

    private final SimulatedNode node;
    private final World world;
    private final UUID incarnation;
    private final @Nullable Replica[] replicas;
    private final @Nullable PartitionView[] shown;
    private final boolean[] flushing;
    private boolean startedUncleanly;
    private long brokerEpoch = -1;
    private int applied;

    /** The voter that it believes to be the controller. */
    private int voter;

    private long lastContactMillis;
    private boolean wantsToStop;

    SimulatedProcess(SimulatedNode node, World world) {
        this.node = node;
        this.world = world;
        this.incarnation = world.random().nextUuid();
        int partitions = world.options().partitions();
        this.replicas = new Replica[partitions];
        this.shown = new PartitionView[partitions];
        this.flushing = new boolean[partitions];
    }

    SimulatedNode node() {
        return node;
    }

    UUID incarnation() {
        return incarnation;
    }

    @Nullable Replica replica(int partition) {
        return replicas[partition];
    }

    int applied() {
        return applied;
    }

    void start(boolean uncleanly) {
        startedUncleanly = uncleanly;
        voter = world.quorum().active();
        lastContactMillis = world.time().millis();
        // The first voter that it asks may lag behind.
        int last = world.quorum().lastIndex();
        applied = Math.max(-1, last - world.random().nextInt(40)) - 1;
        later(1 + world.random().nextInt(50), this::catchUp);
        heartbeatEvery();
        tickEvery();
    }

    private void later(int millis, Runnable action) {
        world.time().after(millis, () -> node.run(this, action));
    }

    private void catchUp() {
        applyTo(world.random().nextInt(world.quorum().lastIndex() + 2) - 1);
        later(world.random().nextInt(300), () -> applyTo(world.quorum().lastIndex()));
    }

    /** The feed has brought all up to this index; seen one by one, or the last one only. */
    void applyTo(int index) {
        if (index <= applied) {
            return;
        }
        boolean each = world.random().nextInt(3) > 0;
        for (int i = each ? applied + 1 : index; i <= index; i++) {
            if (i >= 0) {
                applied = i;
                apply(world.quorum().imageAt(i));
            }
        }
    }

    private void apply(MetadataImage image) {
        BrokerImage self = image.brokers().get(node.id());
        boolean own = self != null && self.brokerEpoch() == brokerEpoch;
        if (world.rules().shell().rolesFromOwnImages() && !own) {
            return;
        }
        for (int p = 0; p < replicas.length; p++) {
            PartitionView view = PartitionView.of(image, World.TOPIC, p);
            if (view != null && !view.equals(shown[p])) {
                shown[p] = view;
                show(p, view);
            }
        }
    }

    private void show(int p, PartitionView view) {
        Replica replica = replicas[p];
        if (!view.partition().replicas().contains(node.id())) {
            if (replica != null) {
                replica.close();
                replicas[p] = null;
            }
            if (node.log(p) != null) {
                world.trace().add("n" + node.id() + " deletes its replica of p" + p);
                node.deleteLog(p);
            }
            return;
        }
        if (replica == null) {
            replica = new Replica(node.id(), p, world.cores(), node.openLog(p), this);
            replicas[p] = replica;
        }
        replica.show(view);
    }

    private void heartbeatEvery() {
        if (brokerEpoch < 0) {
            register();
        } else {
            heartbeat();
        }
        later(HEARTBEAT_MILLIS, this::heartbeatEvery);
    }

    private void register() {
        Registration registration =
                new Registration(
                        node.id(),
                        incarnation,
                        SimulatedQuorum.CLUSTER,
                        List.of(),
                        "",
                        List.of(node.directoryId()),
                        !startedUncleanly,
                        "simulated");
        call(
                0,
                to -> to.controller.register(registration),
                (epoch, failure) -> {
                    if (epoch != null) {
                        registered(epoch);
                    } else {
                        voter = 1 - voter;
                    }
                });
    }

    private void registered(long epoch) {
        if (epoch > brokerEpoch) {
            brokerEpoch = epoch;
            lastContactMillis = world.time().millis();
            if (applied >= 0) {
                // What was passed over before may be what this process is to act on.
                apply(world.quorum().imageAt(applied));
            }
        }
    }

    private void heartbeat() {
        long sent = world.time().millis();
        call(
                0,
                to -> to.controller.heartbeat(node.id(), brokerEpoch, applied, wantsToStop),
                (answer, failure) -> {
                    if (answer != null) {
                        lastContactMillis = Math.max(lastContactMillis, sent);
                        heard(answer);
                        return;
                    }
                    if (failure != null && failure.code() == ErrorCode.FENCED_BROKER_EPOCH) {
                        // A late word of its predecessor has taken its place, or so they say.
                        register();
                    } else {
                        voter = 1 - voter;
                    }
                });
    }

    private void heard(HeartbeatAnswer answer) {
        if (wantsToStop && answer.mayShutDown()) {
            for (int p = 0; p < replicas.length; p++) {
                Replica replica = replicas[p];
                if (replica != null) {
                    replica.close();
                }
            }
            world.left(this, brokerEpoch);
            node.stopped();
        }
    }

    /** SIGTERM: hands over, then stops. */
    void wantToStop() {
        wantsToStop = true;
    }

    boolean wantsToStop() {
        return wantsToStop;
    }

    /** Asks the voter that it believes in; the handler is called once, with an answer or none. */
    private <R> void call(
            int lateMillis,
            Function<SimulatedController, CompletableFuture<R>> request,
            BiConsumer<@Nullable R, @Nullable RejectedException> handler) {
        boolean[] done = new boolean[1];
        BiConsumer<@Nullable R, @Nullable RejectedException> once =
                (reply, failure) -> {
                    if (!done[0]) {
                        done[0] = true;
                        handler.accept(reply, failure);
                    }
                };
        world.callController(
                this,
                voter,
                lateMillis,
                request,
                (reply, failure) -> node.run(this, () -> once.accept(reply, failure)));
        later(REQUEST_TIMEOUT_MILLIS, () -> once.accept(null, null));
    }

    private void tickEvery() {
        boolean lost = world.time().millis() - lastContactMillis > World.SESSION_MILLIS;
        for (Replica replica : replicas) {
            if (replica != null) {
                if (lost && replica.leading() != null) {
                    world.sometimes(Sometimes.CONTROLLER_LOST_BY_LEADER);
                }
                replica.tick(lost);
            }
        }
        later(TICK_MILLIS, this::tickEvery);
    }

    void receive(int from, int connection, Message message) {
        Replica replica = replicas[message.partition()];
        if (replica != null) {
            count(replica, message);
            replica.receive(from, connection, message);
            if (world.trace().isOn()) {
                world.trace().add("n" + node.id() + " got " + message + ": " + replica);
            }
        } else if (message instanceof Message.Subscribe asked) {
            send(
                    connection,
                    from,
                    new Message.Refused(asked.partition(), asked.generation(), Refusal.NO_REPLICA));
        }
    }

    private void count(Replica replica, Message message) {
        Following following = replica.following();
        if (message instanceof Message.Batches batches && following != null) {
            if (batches.generation() < following.state().generation()) {
                world.sometimes(Sometimes.OLD_WORDS_DROPPED);
            } else if (batches.damaged()) {
                world.sometimes(Sometimes.DAMAGE_REFUSED);
            }
        }
    }

    void disconnected(int connection) {
        for (Replica replica : replicas) {
            if (replica != null) {
                replica.disconnected(connection);
            }
        }
    }

    void diskChanged() {
        for (Replica replica : replicas) {
            if (replica != null) {
                replica.storageHealth(node.diskFull);
            }
        }
    }

    @Override
    public long nowNanos() {
        return world.time().nanos();
    }

    @Override
    public long brokerEpoch() {
        return brokerEpoch;
    }

    @Override
    public boolean takesWrites() {
        return !node.diskFull;
    }

    @Override
    public int connect(int leader) {
        return world.network().connect(this, world.node(leader));
    }

    @Override
    public void send(int connection, int to, Message message) {
        if (message instanceof Message.Refused) {
            world.sometimes(Sometimes.SUBSCRIPTION_REFUSED);
        }
        world.network().send(this, connection, to, message);
    }

    @Override
    public void propose(Replica replica, IsrProposal proposal) {
        int epoch = proposal.leaderEpoch();
        if (world.trace().isOn()) {
            world.trace().add("n" + node.id() + " proposes " + proposal);
        }
        List<io.kq.metadata.decision.IsrProposal.Member> members =
                proposal.members().stream()
                        .map(
                                m ->
                                        new io.kq.metadata.decision.IsrProposal.Member(
                                                m.replica(), m.brokerEpoch()))
                        .toList();
        AlterIsr operation =
                new AlterIsr(
                        node.id(),
                        brokerEpoch,
                        List.of(
                                new io.kq.metadata.decision.IsrProposal(
                                        world.topicId(),
                                        replica.partition(),
                                        epoch,
                                        proposal.partitionEpoch(),
                                        members)));
        if (proposal.members().stream().noneMatch(m -> m.replica() == node.id())) {
            world.sometimes(Sometimes.LEADER_WITH_FULL_DISK_LEFT);
        }
        PartitionTruth truth = world.truth(replica.partition());
        truth.proposed(replica, proposal);
        int late = world.nemesis().onProposal(replica, proposal);
        call(
                late,
                to ->
                        to.controller
                                .submit(Optional.empty(), operation)
                                .whenComplete(
                                        (answers, failure) -> judged(truth, proposal, failure)),
                (answers, failure) -> {
                    Outcome outcome = outcome(answers, failure);
                    world.proposalAnswered(replica, proposal, outcome);
                    if (outcome == Outcome.UNKNOWN) {
                        voter = 1 - voter;
                    }
                    replica.proposalAnswered(epoch, proposal.number(), outcome);
                });
    }

    /** An outcome that nobody knows stays open until the partition epoch moves. */
    private static void judged(
            PartitionTruth truth, IsrProposal proposal, @Nullable Throwable failure) {
        if (!(failure instanceof RejectedException refusal) || refusal.definite()) {
            truth.judged(proposal);
        }
    }

    private static Outcome outcome(
            @Nullable List<Optional<RejectedException>> answers,
            @Nullable RejectedException failure) {
        RejectedException refusal = failure;
        if (answers != null) {
            if (answers.get(0).isEmpty()) {
                return Outcome.TAKEN;
            }
            refusal = answers.get(0).get();
        }
        return refusal != null && refusal.definite() ? Outcome.REFUSED : Outcome.UNKNOWN;
    }

    @Override
    public void counted(Replica replica, int from, Message.Progress progress) {
        PartitionTruth.counted(replica, from, progress);
    }

    @Override
    public void believed(Replica replica, long generation, int leaderEpoch) {
        PartitionTruth.believed(replica, generation, leaderEpoch);
    }

    @Override
    public void wakeAt(Replica replica, long nanos) {
        long millis = Math.max(1, (nanos - nowNanos() + 999_999) / 1_000_000);
        later((int) millis, replica::tickFollower);
    }

    /** Another object with the same state is another replica: this one was deleted meanwhile. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isHosted(Replica replica) {
        return replicas[replica.partition()] == replica;
    }

    @Override
    public void flush(Replica replica) {
        int p = replica.partition();
        if (flushing[p]) {
            return;
        }
        flushing[p] = true;
        long end = replica.log().end();
        int cuts = replica.log().cuts();
        later(
                1 + world.random().nextInt(node.flushMillisMax),
                () -> {
                    flushing[p] = false;
                    if (!isHosted(replica)) {
                        flushUnsynced(replicas[p]);
                        return;
                    }
                    if (replica.log().cuts() == cuts) {
                        replica.becameDurable(end);
                    }
                    flushUnsynced(replica);
                });
    }

    private void flushUnsynced(@Nullable Replica replica) {
        if (replica != null && replica.log().durableEnd() < replica.log().end()) {
            flush(replica);
        }
    }

    @Override
    public void acknowledged(Replica replica, Waiting waiting) {
        world.acknowledged(replica, waiting);
    }

    @Override
    public void abandoned(Replica replica, Waiting waiting) {
        world.sometimes(Sometimes.PRODUCER_ABANDONED);
    }

    @Override
    public void began(Replica replica) {
        if (world.trace().isOn()) {
            world.trace().add("n" + node.id() + " begins: " + replica);
        }
        long before = world.truth(replica.partition()).end();
        world.truth(replica.partition()).began(replica);
        if (world.truth(replica.partition()).end() < before) {
            world.sometimes(Sometimes.LOST_RECORDS_AS_ALLOWED);
        }
    }

    @Override
    public void watermarkMoved(Replica replica, long from, long to) {
        world.truth(replica.partition()).watermarkMoved(replica, from, to);
    }

    @Override
    public void trimmed(Replica replica) {
        world.truth(replica.partition()).trimmed(replica);
    }

    @Override
    public void cutting(Replica replica, long end, int epoch) {
        world.sometimes(Sometimes.CUT);
        if (world.trace().isOn()) {
            world.trace().add("n" + node.id() + " cuts to " + end + ": " + replica);
        }
        Following following = replica.following();
        if (following != null) {
            FollowerState state = following.state();
            world.truth(replica.partition()).cutting(replica, end, epoch, state.watermark());
        }
    }

    @Override
    public void logChanged(Replica replica) {
        if (replica.log().start() == replica.log().end()) {
            world.sometimes(Sometimes.BEGUN_ANEW);
        }
        world.truth(replica.partition()).checkMembers();
    }

    @Override
    public void halted(Replica replica, long cutOffset, long highWatermark) {
        throw new Violation(
                "R14", "stands still, cut " + cutOffset + " of " + highWatermark + ": " + replica);
    }
}
