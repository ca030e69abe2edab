package io.kq.broker.rpc;

import io.grpc.Channel;
import java.util.Optional;

/**
 * Ways to the node ports of the other nodes. A channel is made at the first use, kept, and replaced
 * when the image tells of other endpoints: ask for it for each call or stream, do not keep it.
 * Every public service is also served on the node port, so that what a node forwards goes from node
 * port to node port. Any thread; never blocks.
 */
public interface NodeChannels {

    /**
     * The channel to the node port (9094) of {@code nodeId}, or empty if the image does not say
     * where that node is. Calls on it fail with UNAVAILABLE at once while nothing listens there.
     */
    Optional<Channel> toNode(int nodeId);
}
