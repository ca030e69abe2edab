package io.kq.client.group;

import java.time.Duration;
import java.util.Optional;

/**
 * How a consumer is a member of its group.
 *
 * @param groupId {@code group.id}
 * @param instanceId {@code group.instance.id}: a member that comes back under it within its session
 *     timeout has its former partitions. Empty: it is not known again
 * @param clientId for people; empty: {@code consumer-<group>-1}
 * @param assignor {@code uniform} or {@code range}; the group uses what most members name
 * @param sessionTimeout a member that is silent for so long is none any more; one whose connection
 *     breaks has a second
 * @param rebalanceTimeout one that does not let go for so long of partitions that move, neither
 * @param pollInterval a member whose application does not poll for so long leaves, until it polls
 * @param autoCommit how often positions are committed while polling; empty: only when the
 *     application says so
 */
public record GroupConfig(
        String groupId,
        String instanceId,
        String clientId,
        String assignor,
        Duration sessionTimeout,
        Duration rebalanceTimeout,
        Duration pollInterval,
        Optional<Duration> autoCommit) {

    public GroupConfig {
        if (groupId.isEmpty()) {
            throw new IllegalArgumentException("a group needs a name");
        }
        if (clientId.isEmpty()) {
            clientId = "consumer-" + groupId + "-1";
        }
    }

    /** As Kafka's defaults, but for a session of 10 s. */
    public static GroupConfig of(String groupId) {
        return new GroupConfig(
                groupId,
                "",
                "",
                "uniform",
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                Duration.ofMinutes(5),
                Optional.of(Duration.ofSeconds(5)));
    }

    /** The same, committing only when the application says so. */
    public GroupConfig withoutAutoCommit() {
        return withAutoCommit(Optional.empty());
    }

    /** The same with another interval. */
    public GroupConfig withAutoCommit(Optional<Duration> every) {
        return new GroupConfig(
                groupId,
                instanceId,
                clientId,
                assignor,
                sessionTimeout,
                rebalanceTimeout,
                pollInterval,
                every);
    }

    /** The same for a static member. */
    public GroupConfig withInstanceId(String id) {
        return new GroupConfig(
                groupId,
                id,
                clientId,
                assignor,
                sessionTimeout,
                rebalanceTimeout,
                pollInterval,
                autoCommit);
    }

    /** The same with another session timeout. */
    public GroupConfig withSessionTimeout(Duration timeout) {
        return new GroupConfig(
                groupId,
                instanceId,
                clientId,
                assignor,
                timeout,
                rebalanceTimeout,
                pollInterval,
                autoCommit);
    }

    /** The same with another assignor. */
    public GroupConfig withAssignor(String name) {
        return new GroupConfig(
                groupId,
                instanceId,
                clientId,
                name,
                sessionTimeout,
                rebalanceTimeout,
                pollInterval,
                autoCommit);
    }
}
