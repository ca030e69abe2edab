package io.kq.client;

import java.time.Duration;
import java.util.List;

/**
 * How a client reaches a cluster.
 *
 * @param bootstrapServers any nodes of it, {@code host:port}; one that answers is enough
 * @param clientId for logs and quotas of the brokers
 * @param requestTimeout bound of one call, and of finding the cluster
 */
public record ClientConfig(
        List<String> bootstrapServers, String clientId, Duration requestTimeout) {

    public ClientConfig {
        bootstrapServers = List.copyOf(bootstrapServers);
        if (bootstrapServers.isEmpty()) {
            throw new IllegalArgumentException("bootstrapServers is empty; name one as host:port");
        }
        requestTimeout = Waits.bounded("requestTimeout", requestTimeout);
        if (requestTimeout.isZero()) {
            throw new IllegalArgumentException("requestTimeout is 0; no call could be answered");
        }
    }

    /** The given nodes (comma separated), client id {@code kq-client}, 10 s. */
    public static ClientConfig of(String bootstrapServers) {
        return new ClientConfig(
                List.of(bootstrapServers.split(",")), "kq-client", Duration.ofSeconds(10));
    }
}
