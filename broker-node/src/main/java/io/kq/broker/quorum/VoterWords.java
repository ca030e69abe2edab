package io.kq.broker.quorum;

import io.kq.metadata.record.VoterSet;
import io.kq.metadata.record.VoterSet.Voter;
import java.util.concurrent.CompletableFuture;

/** What the active controller says to a node whose vote changes. Over the node port. Any thread. */
public interface VoterWords {

    /**
     * Has the node begin a Raft log that knows nobody, if it has none.
     *
     * @param term of the controller
     * @return the voter that it is or can be; fails with {@link io.kq.protocol.RejectedException}
     */
    CompletableFuture<Voter> prepare(int nodeId, long term);

    /**
     * Has the node give its Raft log up. What comes of it is no concern: it also finds out itself.
     */
    void leave(int nodeId, long term, VoterSet voters);
}
