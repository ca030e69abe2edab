package io.kq.broker;

import io.kq.broker.membership.BrokerLifecycle;
import io.kq.metadata.MetadataSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a broker leaves: in good order if there is somebody to take over, and in any case in time.
 */
record NodeStop(
        int nodeId, BrokerLifecycle lifecycle, MetadataSource metadata, Duration drainTimeout) {

    private static final Logger log = LoggerFactory.getLogger(NodeStop.class);
    private static final Duration LEAVE_BOUND = Duration.ofSeconds(5);

    /** Waits until others lead what this node led. A lone node has nobody to wait for. */
    void drain() {
        boolean alone =
                metadata.image().allBrokers().stream()
                        .allMatch(broker -> broker.id() == nodeId || broker.fenced());
        if (alone || lifecycle.brokerEpoch() < 0) {
            return;
        }
        if (!within(drainTimeout, lifecycle.drain())) {
            log.warn("Stopping although the drain has not ended drainTimeout={}", drainTimeout);
        }
    }

    /** Ends the session. */
    void leave() {
        within(LEAVE_BOUND, lifecycle.stop());
    }

    private static boolean within(Duration bound, CompletableFuture<Void> future) {
        try {
            future.get(bound.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
