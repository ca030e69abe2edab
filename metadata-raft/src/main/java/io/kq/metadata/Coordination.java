package io.kq.metadata;

import io.kq.metadata.coordinator.CoordinatorLoop;
import io.kq.metadata.coordinator.GroupDecisions;
import java.util.Optional;

/** A voter's part in the coordination of consumer groups. Any thread. */
public interface Coordination {

    /**
     * This node's coordinator of a shard. It answers NOT_COORDINATOR while another node leads the
     * shard.
     *
     * @return empty while this node does not keep the shard
     */
    Optional<CoordinatorLoop> coordinator(int shard);

    /** What coordinators are asked to do. */
    GroupDecisions decisions();
}
