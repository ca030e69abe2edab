package io.kq.client.metadata;

import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which address serves what a node leads: its own, or, while that does not answer, another node's,
 * which forwards. So a client works through one reachable address (a port-forward, say), and goes
 * straight to the leaders where it can. An address that failed is left alone for longer each time,
 * but only while there is another one to use: with none left, each is tried again soon, so that a
 * cluster that comes back is found at once however long it was away. On the client's loop.
 */
public final class NodeRoutes {

    private static final Duration AVOID_MIN = Duration.ofMillis(250);
    private static final Duration AVOID_MAX = Duration.ofMinutes(2);

    /** The same where there is nothing else to try. */
    private static final Duration AVOID_MAX_ALONE = Duration.ofSeconds(1);

    private record Avoided(int failures, long sinceNanos) {}

    private final ClusterView view;
    private final Clock clock;
    private final Map<NodeAddress, Avoided> avoided = new HashMap<>();

    public NodeRoutes(ClusterView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    /** The address to use for a node now; null if nothing is to be tried yet. */
    public @Nullable NodeAddress to(int nodeId) {
        long nowNanos = clock.nanoTime();
        Set<NodeAddress> ways = new LinkedHashSet<>();
        addIfKnown(ways, view.snapshot().nodes().get(nodeId));
        addIfKnown(ways, view.connected());
        ways.addAll(view.candidates());
        NodeAddress answering = first(ways, nowNanos, AVOID_MAX);
        return answering != null ? answering : first(ways, nowNanos, AVOID_MAX_ALONE);
    }

    private static void addIfKnown(Set<NodeAddress> ways, @Nullable NodeAddress address) {
        if (address != null) {
            ways.add(address);
        }
    }

    private @Nullable NodeAddress first(Set<NodeAddress> ways, long nowNanos, Duration avoidMax) {
        for (NodeAddress way : ways) {
            if (!isAvoided(way, nowNanos, avoidMax)) {
                return way;
            }
        }
        return null;
    }

    /** No connection was had: the address is left alone for a while. */
    public void failed(NodeAddress address) {
        Avoided before = avoided.get(address);
        int failures = before == null ? 0 : before.failures() + 1;
        avoided.put(address, new Avoided(failures, clock.nanoTime()));
    }

    /** The address answers. */
    public void connected(NodeAddress address) {
        avoided.remove(address);
    }

    private boolean isAvoided(NodeAddress address, long nowNanos, Duration avoidMax) {
        Avoided mark = avoided.get(address);
        if (mark == null) {
            return false;
        }
        Duration pause = AVOID_MIN.multipliedBy(1L << Math.min(mark.failures(), 12));
        long pauseNanos = Math.min(pause.toNanos(), avoidMax.toNanos());
        return nowNanos - mark.sinceNanos() < pauseNanos;
    }
}
