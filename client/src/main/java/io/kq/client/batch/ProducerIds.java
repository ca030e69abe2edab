package io.kq.client.batch;

import java.util.concurrent.CompletableFuture;

/** Port to the cluster's source of producer ids; made by the rpc room. */
@FunctionalInterface
public interface ProducerIds {

    /** An id that nobody had before. Fails with a {@link io.kq.protocol.RejectedException}. */
    CompletableFuture<ProducerIdentity> next();
}
