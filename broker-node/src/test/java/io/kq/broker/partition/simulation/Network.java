package io.kq.broker.partition.simulation;

import io.kq.runtime.RandomSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Replication streams. Words on one connection keep their order, words on two do not. A way that is
 * cut holds what is on it until it heals or the connection breaks; of what was on a broken
 * connection a beginning may still come, later than anything that was said since.
 */
final class Network {

    private static final long LATE_MILLIS_MAX = 2_500;

    /** One way of a connection. */
    private static final class Way {
        private final ArrayDeque<Message> held = new ArrayDeque<>();
        private long lastDue;

        /** After the break: how many words may still come, and not before what was before. */
        private int lateWords;

        private long lateDue;
    }

    private static final class Connection {
        private final int id;
        private final SimulatedProcess follower;
        private final @Nullable SimulatedProcess leader;
        private final Way up = new Way();
        private final Way down = new Way();
        private boolean open = true;

        private Connection(int id, SimulatedProcess follower, @Nullable SimulatedProcess leader) {
            this.id = id;
            this.follower = follower;
            this.leader = leader;
        }
    }

    private final VirtualTime time;
    private final RandomSource random;
    private final Trace trace;
    private final boolean[][] cut;
    private final List<Connection> connections = new ArrayList<>();

    /** By follower and leader: the connection that the follower believes in. */
    private final @Nullable Connection[][] current;

    /** How long a word takes, at most. */
    int delayMillisMax = 10;

    /** One of so many pushes is damaged; 0: none. */
    int damagedOneIn;

    Network(VirtualTime time, RandomSource random, int nodes, Trace trace) {
        this.time = time;
        this.random = random;
        this.trace = trace;
        this.cut = new boolean[nodes][nodes];
        this.current = new Connection[nodes][nodes];
    }

    void cut(int from, int to, boolean now) {
        cut[from][to] = now;
    }

    boolean isCut(int from, int to) {
        return cut[from][to];
    }

    boolean isCutEitherWay(int a, int b) {
        return cut[a][b] || cut[b][a];
    }

    /** The follower's connection to a node, a new one if it knows of none. */
    int connect(SimulatedProcess follower, SimulatedNode target) {
        int from = follower.node().id();
        Connection known = current[from][target.id()];
        if (known != null && known.follower == follower) {
            return known.id;
        }
        SimulatedProcess leader =
                isCutEitherWay(from, target.id()) ? null : target.reachableProcess();
        Connection made = new Connection(connections.size(), follower, leader);
        connections.add(made);
        current[from][target.id()] = made;
        if (leader == null) {
            made.open = false;
            time.after(20 + random.nextInt(300), () -> notice(made, true, target.id()));
        }
        return made.id;
    }

    void send(SimulatedProcess from, int connection, int to, Message message) {
        if (connection < 0) {
            return;
        }
        Connection on = connections.get(connection);
        boolean up = on.follower == from;
        if (!on.open || (!up && on.leader != from)) {
            return;
        }
        Way way = up ? on.up : on.down;
        Message sent = message;
        if (damagedOneIn > 0
                && message instanceof Message.Batches batches
                && random.nextInt(damagedOneIn) == 0) {
            sent = batches.asDamaged();
        }
        Message word = sent;
        if (trace.isOn()) {
            trace.add("n" + from.node().id() + " -> n" + to + " #" + connection + " " + word);
        }
        way.lastDue = Math.max(way.lastDue, time.millis() + 1 + random.nextInt(delayMillisMax));
        time.after(way.lastDue - time.millis(), () -> arrive(on, up, word));
    }

    private void arrive(Connection on, boolean up, Message message) {
        Way way = up ? on.up : on.down;
        if (!on.open) {
            if (way.lateWords > 0) {
                way.lateWords--;
                way.lateDue =
                        Math.max(
                                way.lateDue, time.millis() + random.nextInt((int) LATE_MILLIS_MAX));
                time.after(way.lateDue - time.millis(), () -> deliver(on, up, message));
            }
            return;
        }
        if (!way.held.isEmpty() || isCutOn(on, up)) {
            if (way.held.isEmpty()) {
                waitForHeal(on, up, time.millis() + 200 + random.nextInt(2_000));
            }
            way.held.add(message);
            return;
        }
        deliver(on, up, message);
    }

    private boolean isCutOn(Connection on, boolean up) {
        int follower = on.follower.node().id();
        int leader = on.leader == null ? follower : on.leader.node().id();
        return up ? cut[follower][leader] : cut[leader][follower];
    }

    private void waitForHeal(Connection on, boolean up, long breaksAt) {
        time.after(
                50,
                () -> {
                    Way way = up ? on.up : on.down;
                    if (!on.open || way.held.isEmpty()) {
                        return;
                    }
                    if (!isCutOn(on, up)) {
                        List<Message> all = new ArrayList<>(way.held);
                        way.held.clear();
                        all.forEach(message -> deliver(on, up, message));
                    } else if (time.millis() >= breaksAt) {
                        breakUp(on, 1 + random.nextInt(50));
                    } else {
                        waitForHeal(on, up, breaksAt);
                    }
                });
    }

    private void deliver(Connection on, boolean up, Message message) {
        SimulatedProcess target = up ? on.leader : on.follower;
        SimulatedProcess source = up ? on.follower : on.leader;
        if (target != null && source != null) {
            target.node().run(target, () -> target.receive(source.node().id(), on.id, message));
        }
    }

    /** Breaks one of the connections that are open. */
    void breakAny() {
        List<Connection> open = connections.stream().filter(c -> c.open).toList();
        if (!open.isEmpty()) {
            breakUp(open.get(random.nextInt(open.size())), 1 + random.nextInt(100));
        }
    }

    /**
     * A process is gone.
     *
     * @param silently its machine does not say so
     */
    void gone(SimulatedProcess process, boolean silently) {
        for (Connection on : connections) {
            if (on.open && (on.follower == process || on.leader == process)) {
                breakUp(on, silently ? 300 + random.nextInt(1_500) : 1 + random.nextInt(30));
            }
        }
    }

    private void breakUp(Connection on, int noticeMillis) {
        if (trace.isOn()) {
            trace.add("connection #" + on.id + " breaks");
        }
        on.open = false;
        for (Way way : List.of(on.up, on.down)) {
            way.lateWords = random.nextInt(4);
            List<Message> held = new ArrayList<>(way.held);
            way.held.clear();
            held.forEach(message -> arrive(on, way == on.up, message));
        }
        time.after(noticeMillis, () -> notice(on, true, leaderOf(on)));
        time.after(1 + random.nextInt(2 * noticeMillis), () -> notice(on, false, leaderOf(on)));
    }

    private static int leaderOf(Connection on) {
        return on.leader == null ? -1 : on.leader.node().id();
    }

    private void notice(Connection on, boolean byFollower, int leader) {
        SimulatedProcess who = byFollower ? on.follower : on.leader;
        if (who == null) {
            return;
        }
        int follower = on.follower.node().id();
        who.node()
                .run(
                        who,
                        () -> {
                            if (byFollower && leader >= 0 && current[follower][leader] == on) {
                                current[follower][leader] = null;
                            }
                            who.disconnected(on.id);
                        });
    }
}
