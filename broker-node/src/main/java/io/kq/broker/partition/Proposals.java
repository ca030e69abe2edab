package io.kq.broker.partition;

import io.kq.broker.partition.core.leader.IsrProposal;

/**
 * Where leaders bring the ISR that they want. Answered later by {@link
 * PartitionLeader#proposalAnswered}. Any thread, not under a partition's lock; never blocks.
 */
interface Proposals {
    void propose(PartitionLeader leader, IsrProposal proposal);
}
