package io.kq.broker.rpc.node;

import io.kq.internal.v1.BrokerRegistration;
import io.kq.internal.v1.EndpointRecord;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.BrokerImage;
import io.kq.metadata.image.BrokerImage.Endpoint;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a broker says of itself, to protobuf and back. */
final class RegistrationCodec {

    private static final int PORT_MAX = 65_535;

    private RegistrationCodec() {}

    static BrokerRegistration toProto(Registration registration) {
        BrokerRegistration.Builder proto =
                BrokerRegistration.newBuilder()
                        .setBrokerId(registration.brokerId())
                        .setIncarnationId(UuidBytes.of(registration.incarnationId()))
                        .setClusterId(registration.clusterId())
                        .setRack(registration.rack())
                        .setCleanShutdown(registration.cleanShutdown())
                        .setVersion(registration.version());
        for (Endpoint endpoint : registration.endpoints()) {
            proto.addEndpoints(
                    EndpointRecord.newBuilder()
                            .setListener(endpoint.listener())
                            .setHost(endpoint.host())
                            .setPort(endpoint.port())
                            .setProtocol(endpoint.protocol()));
        }
        registration.directoryIds().forEach(id -> proto.addDirectoryIds(UuidBytes.of(id)));
        return proto.build();
    }

    /**
     * What the broker says of itself.
     *
     * @throws RejectedException INVALID_ARGUMENT: nobody could reach such a broker
     */
    static Registration fromProto(BrokerRegistration proto) {
        requireReachable(proto);
        return new Registration(
                proto.getBrokerId(),
                UuidBytes.parse(proto.getIncarnationId(), "incarnation_id"),
                proto.getClusterId(),
                proto.getEndpointsList().stream()
                        .map(
                                e ->
                                        new Endpoint(
                                                e.getListener(),
                                                e.getHost(),
                                                e.getPort(),
                                                e.getProtocol()))
                        .toList(),
                proto.getRack(),
                proto.getDirectoryIdsList().stream()
                        .map(id -> UuidBytes.parse(id, "directory_ids"))
                        .toList(),
                proto.getCleanShutdown(),
                proto.getVersion());
    }

    private static void requireReachable(BrokerRegistration proto) {
        if (proto.getBrokerId() < 0) {
            throw invalid("broker_id " + proto.getBrokerId() + " is negative");
        }
        Set<String> listeners = new HashSet<>();
        for (EndpointRecord endpoint : proto.getEndpointsList()) {
            listeners.add(endpoint.getListener());
            if (endpoint.getHost().isBlank()
                    || endpoint.getPort() < 1
                    || endpoint.getPort() > PORT_MAX) {
                throw invalid(
                        "endpoint "
                                + endpoint.getListener()
                                + " is no address: '"
                                + endpoint.getHost()
                                + ":"
                                + endpoint.getPort()
                                + "'");
            }
        }
        for (String listener : List.of(BrokerImage.CLIENT_LISTENER, BrokerImage.NODE_LISTENER)) {
            if (!listeners.contains(listener)) {
                throw invalid("there is no endpoint " + listener);
            }
        }
    }

    private static RejectedException invalid(String problem) {
        return new RejectedException(ErrorCode.INVALID_ARGUMENT, "not a registration: " + problem);
    }
}
