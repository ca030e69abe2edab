package io.kq.client.metadata;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What changed, whole objects: each replaces the one known before.
 *
 * @param coordinators of consumer groups by shard, if one changed
 * @param version of the metadata after the change
 */
public record ClusterChange(
        long version,
        Map<Integer, NodeAddress> nodes,
        Set<Integer> removedNodes,
        List<TopicView> topics,
        Set<UUID> removedTopics,
        Optional<List<Integer>> coordinators) {}
