package io.kq.metadata;

import io.kq.metadata.controller.ControllerConfig;
import io.kq.metadata.raft.RaftConfig;
import java.util.UUID;

/**
 * What a voter is made of.
 *
 * @param clusterId the Raft group's id follows from it: two clusters never talk to each other
 * @param directoryId of the directory that holds the Raft log; with the node id the voter's name in
 *     the quorum, so that an emptied disk is another voter (KIP-853)
 */
public record MetadataConfig(
        String clusterId,
        int nodeId,
        UUID directoryId,
        RaftConfig raft,
        ControllerConfig controller) {}
