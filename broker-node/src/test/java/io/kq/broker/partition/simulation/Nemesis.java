package io.kq.broker.partition.simulation;

import io.kq.broker.partition.core.leader.IsrProposal;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas;
import io.kq.metadata.decision.MetadataOperation.AlterReplicas.Reassignment;
import io.kq.metadata.decision.MetadataOperation.AlterTopicConfigs;
import io.kq.metadata.decision.MetadataOperation.DrainBroker;
import io.kq.metadata.decision.MetadataOperation.ElectLeaders;
import io.kq.metadata.decision.MetadataOperation.ResumeBroker;
import io.kq.metadata.image.BrokerImage;
import io.kq.protocol.TopicPartition;
import io.kq.runtime.RandomSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Injects faults, several at once, and heals them again. */
final class Nemesis {

    private final World world;
    private final RandomSource random;
    private final List<Fault> faults;
    private final int nodes;

    Nemesis(World world) {
        this.world = world;
        this.random = world.random();
        this.faults = new ArrayList<>(world.options().faults());
        this.nodes = world.options().nodes();
    }

    void begin() {
        world.time().after(1 + random.nextInt(world.options().faultMillis()), this::next);
    }

    private void next() {
        if (world.isFaulty()) {
            Fault fault = faults.get(random.nextInt(faults.size()));
            if (world.trace().isOn()) {
                world.trace().add("fault " + fault);
            }
            inject(fault);
            begin();
        }
    }

    /** After a while, unless all faults have ended meanwhile. */
    private void later(Runnable heal) {
        world.time().after(duration(), heal);
    }

    /** Mostly short, sometimes longer than a session. */
    private int duration() {
        int most = random.nextInt(3) == 0 ? 4 * World.SESSION_MILLIS : World.SESSION_MILLIS / 2;
        return 20 + random.nextInt(most);
    }

    private SimulatedNode anyNode() {
        return world.node(random.nextInt(nodes));
    }

    /** Mostly one that matters: a leader, a member of the ISR, or one that is to become one. */
    private SimulatedNode aNode() {
        var image = world.partition(random.nextInt(world.options().partitions()));
        List<Integer> behind = new ArrayList<>(image.replicas());
        behind.removeAll(image.isr());
        return switch (random.nextInt(4)) {
            case 2 ->
                    behind.isEmpty()
                            ? anyNode()
                            : world.node(behind.get(random.nextInt(behind.size())));
            case 0 -> image.hasLeader() ? world.node(image.leader()) : anyNode();
            case 1 -> world.node(image.isr().get(random.nextInt(image.isr().size())));
            default -> anyNode();
        };
    }

    private void inject(Fault fault) {
        switch (fault) {
            case KILL, POWER_CUT, LOST_DISK -> strike(fault, aNode());
            case POWER_CUT_OF_ALL -> strikeSome();
            case PAUSE -> pause(aNode());
            case CUT_ONE_WAY, CUT_BOTH_WAYS, ISOLATE -> cut(fault, aNode());
            case CUT_TO_CONTROLLER, CUT_FROM_CONTROLLER -> cutController(fault, aNode().id());
            case BROKEN_CONNECTION -> world.network().breakAny();
            case SLOW_NETWORK -> {
                world.network().delayMillisMax = 20 + random.nextInt(500);
                later(() -> world.network().delayMillisMax = 10);
            }
            case DAMAGED_BYTES -> {
                world.network().damagedOneIn = 2 + random.nextInt(20);
                later(() -> world.network().damagedOneIn = 0);
            }
            case SLOW_DISK -> {
                SimulatedNode node = aNode();
                node.flushMillisMax = 50 + random.nextInt(2_000);
                later(() -> node.flushMillisMax = 5);
            }
            case FULL_DISK -> fill(aNode());
            case LATE_IMAGES ->
                    world.imagesHeldUntil[aNode().id()] = world.time().millis() + duration();
            default -> injectIntoMetadata(fault);
        }
    }

    /**
     * Strikes now and then whom a leader wants in the ISR, while that is on its way.
     *
     * @return for how long it is
     */
    int onProposal(Replica leader, IsrProposal proposal) {
        List<Fault> strikes = new ArrayList<>(faults);
        strikes.retainAll(List.of(Fault.KILL, Fault.POWER_CUT, Fault.LOST_DISK));
        Leading leading = leader.leading();
        if (!world.isFaulty() || strikes.isEmpty() || leading == null || random.nextInt(4) > 0) {
            return 0;
        }
        for (IsrProposal.Member member : proposal.members()) {
            if (!leading.state().isr().committed().contains(member.replica())) {
                Fault fault = strikes.get(random.nextInt(strikes.size()));
                world.time()
                        .after(
                                1 + random.nextInt(5),
                                () -> {
                                    SimulatedNode struck = world.node(member.replica());
                                    strike(fault, struck);
                                    world.time().after(20, () -> start(struck));
                                });
                return 300 + random.nextInt(1_000);
            }
        }
        return 0;
    }

    private void injectIntoMetadata(Fault fault) {
        SimulatedQuorum quorum = world.quorum();
        switch (fault) {
            case CONTROLLER_CHANGE ->
                    quorum.change(random.nextInt(2), random.nextInt(2) == 0, random.nextInt(1_500));
            case LOST_ANSWER -> {
                SimulatedQuorum.Fate[] fates = SimulatedQuorum.Fate.values();
                quorum.loseAnswer(fates[random.nextInt(fates.length)]);
            }
            case SLOW_QUORUM -> {
                quorum.commitMillisMax = 100 + random.nextInt(1_200);
                later(() -> quorum.commitMillisMax = 15);
            }
            case SLOW_CALLS -> {
                world.callMillisMax = 100 + random.nextInt(1_000);
                later(() -> world.callMillisMax = 15);
            }
            case MIN_ISR -> configure(Options.minIsr(random.nextInt(4)));
            case REASSIGNMENT -> reassign(true);
            case CANCELLED_REASSIGNMENT -> reassign(false);
            case SHUTDOWN -> shutDown(aNode());
            case DRAIN -> {
                int id = aNode().id();
                world.operate(new DrainBroker(id));
                later(() -> world.operate(new ResumeBroker(id)));
            }
            case UNCLEAN_ELECTION, PREFERRED_ELECTION ->
                    world.operate(
                            new ElectLeaders(
                                    fault == Fault.UNCLEAN_ELECTION, List.of(), List.of()));
            case TRIM -> trim();
            default -> throw new IllegalStateException("no way to inject " + fault);
        }
    }

    private void strike(Fault fault, SimulatedNode node) {
        switch (fault) {
            case KILL -> {
                if (!node.isRunning()) {
                    return;
                }
                node.kill();
            }
            case POWER_CUT -> node.cutPower();
            default -> node.loseDisk();
        }
        later(() -> start(node));
    }

    private static void start(SimulatedNode node) {
        if (!node.isRunning()) {
            node.start();
        }
    }

    private void strikeSome() {
        Fault how = random.nextInt(3) == 0 ? Fault.KILL : Fault.POWER_CUT;
        for (int id = 0; id < nodes; id++) {
            if (random.nextInt(5) > 0) {
                strike(how, world.node(id));
            }
        }
    }

    private void pause(SimulatedNode node) {
        if (node.isRunning() && !node.isPaused()) {
            node.pause();
            later(node::resume);
        }
    }

    private void cut(Fault fault, SimulatedNode node) {
        int other = random.nextInt(nodes);
        for (int id = 0; id < nodes; id++) {
            if (id != node.id() && (fault == Fault.ISOLATE || id == other)) {
                cutBetween(node.id(), id, fault == Fault.CUT_ONE_WAY);
            }
        }
        if (fault == Fault.ISOLATE && random.nextInt(2) == 0) {
            cutController(Fault.CUT_TO_CONTROLLER, node.id());
            cutController(Fault.CUT_FROM_CONTROLLER, node.id());
        }
    }

    private void cutBetween(int a, int b, boolean oneWay) {
        Network network = world.network();
        boolean first = !oneWay || random.nextInt(2) == 0;
        boolean second = !oneWay || !first;
        network.cut(a, b, network.isCut(a, b) || first);
        network.cut(b, a, network.isCut(b, a) || second);
        later(
                () -> {
                    network.cut(a, b, false);
                    network.cut(b, a, false);
                });
    }

    private void cutController(Fault fault, int node) {
        boolean[] cut =
                fault == Fault.CUT_TO_CONTROLLER ? world.cutToController : world.cutFromController;
        cut[node] = true;
        if (random.nextInt(2) == 0) {
            world.imagesHeldUntil[node] = world.time().millis() + duration();
        }
        later(() -> cut[node] = false);
    }

    private void fill(SimulatedNode node) {
        diskFull(node, true);
        later(() -> diskFull(node, false));
    }

    private static void diskFull(SimulatedNode node, boolean full) {
        if (node.diskFull == full) {
            return;
        }
        node.diskFull = full;
        SimulatedProcess process = node.process();
        if (process != null) {
            node.run(process, process::diskChanged);
        }
    }

    private void configure(Map<String, Optional<String>> changes) {
        world.operate(new AlterTopicConfigs(World.TOPIC, changes, false));
    }

    private void reassign(boolean begin) {
        int partition = random.nextInt(world.options().partitions());
        List<Integer> target = world.someNodes(2 + random.nextInt(nodes - 1));
        world.operate(
                new AlterReplicas(
                        List.of(
                                new Reassignment(
                                        new TopicPartition(World.TOPIC, partition),
                                        begin ? Optional.of(target) : Optional.empty())),
                        false));
    }

    private void shutDown(SimulatedNode node) {
        SimulatedProcess process = node.process();
        if (process != null) {
            process.wantToStop();
            later(() -> start(node));
        }
    }

    private void trim() {
        for (int p = 0; p < world.options().partitions(); p++) {
            SimulatedNode node = world.aLeaderOf(p);
            SimulatedProcess process = node.process();
            Replica replica = process == null ? null : process.replica(p);
            if (replica != null && !node.isPaused()) {
                replica.trim(replica.log().start() + random.nextInt(20));
                world.sometimes(Sometimes.TRIMMED);
            }
        }
    }

    /** Everything works again. */
    void healAll() {
        world.network().delayMillisMax = 10;
        world.network().damagedOneIn = 0;
        world.quorum().commitMillisMax = 15;
        world.callMillisMax = 15;
        for (int a = 0; a < nodes; a++) {
            for (int b = 0; b < nodes; b++) {
                world.network().cut(a, b, false);
            }
            world.cutToController[a] = false;
            world.cutFromController[a] = false;
            world.imagesHeldUntil[a] = 0;
            SimulatedNode node = world.node(a);
            node.flushMillisMax = 5;
            diskFull(node, false);
            node.resume();
            if (node.process() != null && node.process().wantsToStop()) {
                node.kill();
            }
            start(node);
        }
        repair();
    }

    /** What an operator would do; again and again, since a controller may be on its way out. */
    private void repair() {
        var image = world.quorum().newest();
        if (!world.options().isHealed(image.topics().get(World.TOPIC).configs())) {
            configure(world.options().healedConfigs());
        }
        for (BrokerImage broker : image.allBrokers()) {
            if (broker.shuttingDown()) {
                world.operate(new ResumeBroker(broker.id()));
            }
        }
        world.time().after(200, this::repair);
    }
}
