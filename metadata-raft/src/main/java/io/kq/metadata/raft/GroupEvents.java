package io.kq.metadata.raft;

/**
 * What any Raft group's adapter tells of. On Ratis' threads: to be handed over at once, never to
 * block.
 */
public interface GroupEvents {

    /** This node leads and has applied the first entry of its term. */
    void onLeaderReady(long term);

    /** This node does not lead any more. */
    void onNotLeader();

    /**
     * Ratis closed this voter by itself: the others told it that it is none any more, or the
     * process paused for too long.
     */
    void onClosed();

    /** Another node leads, or none is known. */
    void onLeaderChanged();
}
