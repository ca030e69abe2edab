package io.kq.broker.partition;

/** Where a partition's requests go: its leader is here, or on another node. */
public sealed interface PartitionRoute permits PartitionLeader, RemoteLeader {}
