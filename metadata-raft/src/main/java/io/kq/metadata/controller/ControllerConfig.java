package io.kq.metadata.controller;

import io.kq.metadata.decision.TopicDefaults;
import java.time.Duration;

/**
 * Policies of the controller. The first three are cluster settings: they must be the same on every
 * voter.
 *
 * @param topicDefaults {@code num.partitions} and {@code default.replication.factor}
 * @param coordinationShardCount fixed at the cluster's birth
 * @param brokerSession a broker that is not heard for so long is fenced
 * @param preferredLeaderPause how long a preferred leader must have been able to lead before it is
 *     given its leadership back
 * @param idleNoOp without anything to write a record of no effect is written after so long
 * @param commitStall a controller whose batch is not committed for so long answers no heartbeats
 *     and takes no operations: it may have been replaced
 * @param requestTtl repetitions of a request are recognised for at least so long
 * @param requestCountMax and for at most as many requests
 */
public record ControllerConfig(
        TopicDefaults topicDefaults,
        int coordinationShardCount,
        Duration brokerSession,
        Duration preferredLeaderPause,
        Duration idleNoOp,
        Duration commitStall,
        Duration requestTtl,
        int requestCountMax) {

    /** One partition, one replica, one coordination shard, sessions of 3 s. */
    public static final ControllerConfig DEFAULT =
            new ControllerConfig(
                    new TopicDefaults(1, 1),
                    1,
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(2),
                    Duration.ofMinutes(10),
                    10_000);

    /** The same with other defaults for new topics. */
    public ControllerConfig withTopicDefaults(TopicDefaults defaults) {
        return new ControllerConfig(
                defaults,
                coordinationShardCount,
                brokerSession,
                preferredLeaderPause,
                idleNoOp,
                commitStall,
                requestTtl,
                requestCountMax);
    }

    /** The same with another number of coordination shards. */
    public ControllerConfig withCoordinationShards(int count) {
        return new ControllerConfig(
                topicDefaults,
                count,
                brokerSession,
                preferredLeaderPause,
                idleNoOp,
                commitStall,
                requestTtl,
                requestCountMax);
    }

    /** The same with another session. */
    public ControllerConfig withBrokerSession(Duration session) {
        return new ControllerConfig(
                topicDefaults,
                coordinationShardCount,
                session,
                preferredLeaderPause,
                idleNoOp,
                commitStall,
                requestTtl,
                requestCountMax);
    }
}
