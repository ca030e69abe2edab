package io.kq.metadata.decision;

/** What a topic gets that is created without saying how many partitions or replicas. */
public record TopicDefaults(int partitionCount, int replicationFactor) {}
