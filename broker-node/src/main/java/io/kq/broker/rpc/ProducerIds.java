package io.kq.broker.rpc;

import java.util.concurrent.CompletableFuture;

/**
 * Producer ids that no other producer of the cluster has or will ever get. Taken from the active
 * controller in blocks, through whichever node that is. Any thread; never blocks.
 */
public interface ProducerIds {

    /**
     * The next id; completes at once while the block lasts. Fails with {@link
     * io.kq.protocol.RejectedException}: NOT_CONTROLLER, UNREACHABLE or NOT_READY while there is no
     * active controller in reach, OVERLOADED when too many ask meanwhile.
     */
    CompletableFuture<Long> next();
}
