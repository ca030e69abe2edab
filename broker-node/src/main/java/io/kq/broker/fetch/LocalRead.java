package io.kq.broker.fetch;

import io.kq.broker.partition.PartitionLeader;

/** One partition of a poll and its leader on this node. */
public record LocalRead(FetchTarget target, PartitionLeader leader) {

    /** Whether there is something to answer now: data, or an error. */
    public boolean hasNews() {
        return leader.reads().hasNews(target.offset());
    }
}
