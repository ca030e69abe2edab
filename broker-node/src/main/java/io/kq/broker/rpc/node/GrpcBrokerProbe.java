package io.kq.broker.rpc.node;

import io.kq.broker.config.HostPort;
import io.kq.broker.rpc.EventLoops;
import io.kq.internal.v1.IdentifyResponse;
import io.kq.metadata.controller.BrokerSessions.BrokerProbe;
import io.kq.metadata.image.BrokerImage;
import java.net.ConnectException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Dials a broker's node port and asks who is there. Only a refused connection proves that the
 * process is gone: a stopped or overloaded one is silent.
 */
public final class GrpcBrokerProbe implements BrokerProbe {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final EventLoops loops;

    public GrpcBrokerProbe(EventLoops loops) {
        this.loops = loops;
    }

    @Override
    public CompletableFuture<Answer> probe(BrokerImage broker) {
        return broker.endpoint(BrokerImage.NODE_LISTENER)
                .map(endpoint -> new HostPort(endpoint.host(), endpoint.port()))
                .map(address -> probe(broker, address))
                .orElseGet(() -> CompletableFuture.completedFuture(Answer.SILENT));
    }

    private CompletableFuture<Answer> probe(BrokerImage broker, HostPort address) {
        return GrpcVoterDirectory.ask(loops, address, TIMEOUT)
                .handle(
                        (said, failure) ->
                                failure == null ? answered(broker, said) : failed(failure));
    }

    private static Answer answered(BrokerImage asked, IdentifyResponse said) {
        UUID incarnation = UuidBytes.parse(said.getIncarnationId(), "incarnation_id");
        return said.getNodeId() == asked.id() && incarnation.equals(asked.incarnationId())
                ? Answer.ANSWERED
                : Answer.REPLACED;
    }

    private static Answer failed(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            // A connection attempt that timed out is a ConnectException too.
            if (t instanceof ConnectException
                    && String.valueOf(t.getMessage()).contains("refused")) {
                return Answer.REFUSED;
            }
        }
        return Answer.SILENT;
    }
}
