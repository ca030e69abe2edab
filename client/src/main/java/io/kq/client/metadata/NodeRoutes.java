package io.kq.client.metadata;

import io.kq.runtime.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which address serves what a node leads: its own, or, while that does not answer, another node's,
 * which forwards. So a client works through one reachable address (a port-forward, say), and goes
 * straight to the leaders where it can. On the client's loop.
 */
public final class NodeRoutes {

    private static final Duration AVOID_MIN = Duration.ofMillis(250);
    private static final Duration AVOID_MAX = Duration.ofMinutes(2);

    private record Avoided(int failures, long untilNanos) {}

    private final ClusterView view;
    private final Clock clock;
    private final Map<NodeAddress, Avoided> avoided = new HashMap<>();

    public NodeRoutes(ClusterView view, Clock clock) {
        this.view = view;
        this.clock = clock;
    }

    /** The address to use for a node now; null if nothing can be reached. */
    public @Nullable NodeAddress to(int nodeId) {
        long nowNanos = clock.nanoTime();
        NodeAddress direct = view.snapshot().nodes().get(nodeId);
        if (direct != null && !isAvoided(direct, nowNanos)) {
            return direct;
        }
        NodeAddress other = view.connected();
        if (other != null && !isAvoided(other, nowNanos)) {
            return other;
        }
        List<NodeAddress> candidates = view.candidates();
        for (NodeAddress candidate : candidates) {
            if (!isAvoided(candidate, nowNanos)) {
                return candidate;
            }
        }
        return null;
    }

    /** No connection was had: the address is left alone for a while, longer each time. */
    public void failed(NodeAddress address) {
        Avoided before = avoided.get(address);
        int failures = before == null ? 0 : before.failures() + 1;
        Duration pause = AVOID_MIN.multipliedBy(1L << Math.min(failures, 12));
        if (pause.compareTo(AVOID_MAX) > 0) {
            pause = AVOID_MAX;
        }
        avoided.put(address, new Avoided(failures, clock.nanoTime() + pause.toNanos()));
    }

    /** The address answers. */
    public void connected(NodeAddress address) {
        avoided.remove(address);
    }

    private boolean isAvoided(NodeAddress address, long nowNanos) {
        Avoided mark = avoided.get(address);
        return mark != null && nowNanos - mark.untilNanos() < 0;
    }
}
