package io.kq.metadata.raft;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.record.MetadataBatch;

/** What the adapter tells of. On Ratis' threads: to be handed over at once, never to block. */
public interface RaftEvents {

    /**
     * An entry was applied; {@code delta.after()} is the committed image. In the order of the log.
     */
    void onApplied(MetadataDelta delta, MetadataBatch batch);

    /** The image was replaced: read from disk at the start, or sent by the leader. */
    void onImageReplaced(MetadataDelta delta);

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
