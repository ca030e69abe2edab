package io.kq.cli.cluster;

import io.kq.client.admin.ClusterDescription;
import io.kq.client.admin.ClusterDescription.Health;

/**
 * How the cluster is, in a word and a reason.
 *
 * @param reason empty when healthy
 */
record ClusterHealth(State state, String reason) {

    /** From best to worst. */
    enum State {
        HEALTHY("\u001b[32m"),
        /** All data can be read and written, with less safety than wanted. */
        DEGRADED("\u001b[33m"),
        /** Some data cannot be reached, or nothing can be changed. */
        CRITICAL("\u001b[31m");

        private final String color;

        State(String color) {
            this.color = color;
        }

        String colored(boolean color) {
            return color ? this.color + name() + "\u001b[0m" : name();
        }
    }

    static ClusterHealth of(ClusterDescription cluster, Health health) {
        if (health.offlineCount() > 0) {
            return new ClusterHealth(
                    State.CRITICAL, health.offlineCount() + " partition(s) offline");
        }
        if (cluster.quorum().leader() < 0) {
            return new ClusterHealth(State.CRITICAL, "no metadata leader");
        }
        long down = cluster.brokers().stream().filter(broker -> !broker.up()).count();
        if (down > 0) {
            return new ClusterHealth(
                    State.DEGRADED, down + " of " + cluster.brokers().size() + " brokers down");
        }
        if (health.healthy()) {
            return new ClusterHealth(State.HEALTHY, "");
        }
        String problem = health.problems().isEmpty() ? "see below" : health.problems().get(0);
        return new ClusterHealth(State.DEGRADED, problem.replaceFirst("\\.$", ""));
    }

    /** {@code DEGRADED (1 of 3 brokers down)}. */
    String text(boolean color) {
        return state.colored(color) + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
