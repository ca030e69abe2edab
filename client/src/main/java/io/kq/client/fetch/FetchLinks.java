package io.kq.client.fetch;

import io.kq.client.metadata.NodeAddress;

/** Port: opens fetch streams; made by the rpc room. On the client's loop. */
@FunctionalInterface
public interface FetchLinks {

    /** Opens a stream; the listener hears of it later, never within this call. */
    FetchLink open(NodeAddress node, FetchLink.Listener listener);
}
