package io.kq.metadata.raft;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.record.MetadataBatch;

/** What the metadata's group tells of besides. As {@link GroupEvents}. */
public interface RaftEvents extends GroupEvents {

    /**
     * An entry was applied; {@code delta.after()} is the committed image. In the order of the log.
     */
    void onApplied(MetadataDelta delta, MetadataBatch batch);

    /** The image was replaced: read from disk at the start, or sent by the leader. */
    void onImageReplaced(MetadataDelta delta);
}
