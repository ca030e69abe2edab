package io.kq.client.admin;

import java.util.List;

/**
 * Partitions to be added to a topic.
 *
 * @param partitionCount all that the topic has then, the new ones included
 * @param assignments brokers of each new partition; empty: placed by the cluster
 * @param validateOnly check everything, add nothing
 */
public record NewPartitions(
        String topic, int partitionCount, List<List<Integer>> assignments, boolean validateOnly) {}
