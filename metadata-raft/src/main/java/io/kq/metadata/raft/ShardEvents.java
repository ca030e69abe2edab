package io.kq.metadata.raft;

import io.kq.metadata.shard.ShardImage;

/** What a coordination shard's group tells of besides. As {@link GroupEvents}. */
public interface ShardEvents extends GroupEvents {

    /**
     * An entry was applied, or the image was read from disk or sent by the leader; {@code image} is
     * the committed one. In the order of the log.
     */
    void onApplied(ShardImage image);
}
