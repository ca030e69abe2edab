package io.kq.metadata.raft;

import io.kq.metadata.codec.ShardCodec;
import io.kq.metadata.record.AppliedEntry;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import java.util.concurrent.CompletableFuture;

/** One coordination shard on this node. Any thread. */
public final class RatisShard {

    private final RatisGroup group;
    private final ShardState state;

    RatisShard(RatisGroup group, ShardState state) {
        this.group = group;
        this.state = state;
    }

    /** Its log, leader and voters. */
    public RatisGroup group() {
        return group;
    }

    /** With all entries that are applied here. */
    public ShardImage image() {
        return state.image();
    }

    /**
     * Appends a batch as one entry.
     *
     * @return as {@link RatisGroup#append}
     */
    public CompletableFuture<AppliedEntry> append(ShardBatch batch) {
        return group.append(ShardCodec.encode(batch));
    }
}
