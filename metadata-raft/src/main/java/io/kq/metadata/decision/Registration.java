package io.kq.metadata.decision;

import io.kq.metadata.image.BrokerImage;
import java.util.List;
import java.util.UUID;

/** What a broker says of itself. */
public record Registration(
        int brokerId,
        UUID incarnationId,
        String clusterId,
        List<BrokerImage.Endpoint> endpoints,
        String rack,
        List<UUID> directoryIds,
        boolean cleanShutdown,
        String version) {
    public Registration {
        endpoints = List.copyOf(endpoints);
        directoryIds = List.copyOf(directoryIds);
    }
}
