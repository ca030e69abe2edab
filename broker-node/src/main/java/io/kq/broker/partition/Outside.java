package io.kq.broker.partition;

import io.kq.broker.membership.IsrProposals;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.partition.follower.LeaderLinks;

/**
 * The other nodes, as partitions need them.
 *
 * @param leaders of what is followed here
 * @param controller takes what is proposed here
 * @param core how leaders here judge their followers
 */
public record Outside(LeaderLinks leaders, IsrProposals controller, LeaderCore core) {}
