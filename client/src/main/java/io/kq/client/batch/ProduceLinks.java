package io.kq.client.batch;

import io.kq.client.metadata.NodeAddress;

/** Port: opens produce streams; made by the rpc room. On the client's loop. */
@FunctionalInterface
public interface ProduceLinks {

    /** Opens a stream; the listener hears of it later, never within this call. */
    ProduceLink open(NodeAddress node, ProduceLink.Listener listener);
}
