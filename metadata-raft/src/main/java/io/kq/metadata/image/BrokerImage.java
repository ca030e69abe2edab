package io.kq.metadata.image;

import io.kq.metadata.record.MetadataRecord;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A registered broker.
 *
 * @param incarnationId made anew by each process
 * @param brokerEpoch given at registration; only this one's words count
 * @param endpoints where it can be reached, one per listener
 * @param fenced it has no session: it leads nothing and is in no ISR of a partition with other
 *     members
 * @param shuttingDown it is about to stop, or shall be empty of work: it gets no leaderships and
 *     joins no ISR until it registers anew or is resumed
 * @param cleanShutdown its last stop before this registration was in good order
 * @param stateSinceMillis when one of these last changed
 */
public record BrokerImage(
        int id,
        UUID incarnationId,
        long brokerEpoch,
        List<Endpoint> endpoints,
        String rack,
        List<UUID> directoryIds,
        boolean fenced,
        boolean shuttingDown,
        boolean cleanShutdown,
        String version,
        long stateSinceMillis) {

    public BrokerImage {
        endpoints = List.copyOf(endpoints);
        directoryIds = List.copyOf(directoryIds);
    }

    /** Listener for clients (9092). */
    public static final String CLIENT_LISTENER = "CLIENT";

    /** Listener for other nodes (9094). */
    public static final String NODE_LISTENER = "NODE";

    /** The same, fenced or not since {@code atMillis}. */
    BrokerImage withFenced(boolean nowFenced, long atMillis) {
        return with(nowFenced, shuttingDown, atMillis);
    }

    /** The same, shutting down or not since {@code atMillis}. */
    BrokerImage withShuttingDown(boolean now, long atMillis) {
        return with(fenced, now, atMillis);
    }

    private BrokerImage with(boolean nowFenced, boolean nowShuttingDown, long atMillis) {
        return new BrokerImage(
                id,
                incarnationId,
                brokerEpoch,
                endpoints,
                rack,
                directoryIds,
                nowFenced,
                nowShuttingDown,
                cleanShutdown,
                version,
                atMillis);
    }

    /** The endpoint of a listener, if the broker has it. */
    public Optional<Endpoint> endpoint(String listener) {
        return endpoints.stream().filter(e -> e.listener().equals(listener)).findFirst();
    }

    /** Where one listener of a broker can be reached. */
    public record Endpoint(String listener, String host, int port, String protocol) {

        /** What the record says. */
        public static Endpoint of(MetadataRecord.Endpoint endpoint) {
            return new Endpoint(
                    endpoint.listener(), endpoint.host(), endpoint.port(), endpoint.protocol());
        }

        /** As it stands in a record. */
        public MetadataRecord.Endpoint toRecord() {
            return new MetadataRecord.Endpoint(listener, host, port, protocol);
        }
    }
}
