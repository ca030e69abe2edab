package io.kq.broker.doubles;

import io.kq.broker.membership.IsrProposals;
import io.kq.broker.partition.Outside;
import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.core.follower.FollowerEffect.Unsubscribe;
import io.kq.broker.partition.core.leader.LagBounds;
import io.kq.broker.partition.core.leader.LeaderCore;
import io.kq.broker.partition.follower.Follower;
import io.kq.broker.partition.follower.LeaderLinks;
import io.kq.metadata.decision.IsrProposal;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A node that reaches no other: no leader to follow, and nobody to propose to. */
public final class NoOtherNodes implements LeaderLinks, IsrProposals {

    public static Outside outside() {
        NoOtherNodes none = new NoOtherNodes();
        return new Outside(none, none, new LeaderCore(new LagBounds(1L << 40, 1L << 40)));
    }

    @Override
    public void subscribe(Follower follower, Subscribe asked) {}

    @Override
    public void unsubscribe(Follower follower, Unsubscribe over) {}

    @Override
    public void acknowledge(Follower follower, Acknowledge said) {}

    @Override
    public CompletableFuture<List<Optional<RejectedException>>> propose(
            long brokerEpoch, List<IsrProposal> proposals) {
        return CompletableFuture.failedFuture(
                new RejectedException(ErrorCode.UNREACHABLE, "there is no controller"));
    }
}
