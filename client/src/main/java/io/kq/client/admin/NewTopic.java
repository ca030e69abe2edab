package io.kq.client.admin;

import java.util.List;
import java.util.Map;

/**
 * A topic to be created.
 *
 * @param partitionCount 0: the cluster's default
 * @param replicationFactor 0: the cluster's default
 * @param assignments brokers per partition; empty: placed by the cluster; else the two counts are 0
 * @param ifNotExists an existing topic is an answer, not an error
 * @param validateOnly check everything, create nothing
 */
public record NewTopic(
        String name,
        int partitionCount,
        int replicationFactor,
        List<List<Integer>> assignments,
        Map<String, String> configs,
        boolean ifNotExists,
        boolean validateOnly) {

    /** With defaults for all but the name and count. */
    public static NewTopic of(String name, int partitionCount) {
        return new NewTopic(name, partitionCount, 0, List.of(), Map.of(), false, false);
    }
}
