package io.kq.broker.rpc.node;

import io.kq.internal.v1.BrokerRegistration;
import io.kq.internal.v1.EndpointRecord;
import io.kq.metadata.decision.Registration;
import io.kq.metadata.image.BrokerImage.Endpoint;

/** What a broker says of itself, to protobuf and back. */
final class RegistrationCodec {

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

    static Registration fromProto(BrokerRegistration proto) {
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
}
