package io.kq.client.group;

import io.kq.client.metadata.NodeAddress;

/** Opens streams to coordinators, over any node; made by the rpc room. On the client's loop. */
@FunctionalInterface
public interface SessionLinks {

    /** A stream; events follow later, never within this method. */
    SessionLink open(NodeAddress node, SessionLink.Listener listener);
}
