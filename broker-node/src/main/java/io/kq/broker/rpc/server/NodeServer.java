package io.kq.broker.rpc.server;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.kq.broker.config.Listener;
import io.kq.broker.config.StartRefusedException;
import io.kq.broker.rpc.EventLoops;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client port and the node port. Open from construction on; services are added as they come to
 * life. Construction and close block, on the main thread; the rest is for any thread.
 */
public final class NodeServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(NodeServer.class);

    private final HealthStatusManager health = new HealthStatusManager();
    private final GatedRegistry clientServices = new GatedRegistry();
    private final GatedRegistry nodeServices = new GatedRegistry();
    private final Server client;
    private final Server node;

    /**
     * Opens both ports.
     *
     * @param early internal services that are answered from the first moment on
     * @throws StartRefusedException a port is taken or an address is not this machine's
     */
    public NodeServer(
            ServerConfig config, EventLoops loops, List<? extends BindableService> early) {
        health.setStatus(HealthNames.PROCESS, ServingStatus.SERVING);
        health.setStatus(HealthNames.LOG, ServingStatus.NOT_SERVING);
        health.setStatus(HealthNames.METADATA, ServingStatus.NOT_SERVING);
        ServerServiceDefinition healthService = health.getHealthService().bindService();
        List<ServerServiceDefinition> onClient = new ArrayList<>();
        onClient.add(healthService);
        if (config.reflection()) {
            onClient.add(ProtoReflectionServiceV1.newInstance().bindService());
        }
        clientServices.add(onClient, false);
        List<ServerServiceDefinition> onNode = new ArrayList<>(bound(early));
        onNode.add(healthService);
        nodeServices.add(onNode, false);
        Listener forClients = new Listener("listeners", config.client());
        client = start(forClients, loops.server(forClients.socketAddress()), clientServices);
        Listener forNodes = new Listener("node.listener", config.node());
        try {
            node =
                    start(
                            forNodes,
                            loops.nodeServer(forNodes.socketAddress(), config.nodeSilenceMax()),
                            nodeServices);
        } catch (RuntimeException e) {
            client.shutdownNow();
            throw e;
        }
    }

    /** Serves everything from now on; the public services on both ports. */
    public void serve(
            List<? extends BindableService> publicServices,
            List<? extends BindableService> internalServices) {
        List<ServerServiceDefinition> open = bound(publicServices);
        List<ServerServiceDefinition> all = new ArrayList<>(open);
        all.addAll(bound(internalServices));
        nodeServices.add(all, true);
        clientServices.add(open, true);
    }

    /** What the health service says of {@code name}, one of {@link HealthNames}. */
    public void setHealth(String name, boolean serving) {
        health.setStatus(name, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /** The port that clients reach, also where the settings asked for any. */
    public int clientPort() {
        return client.getPort();
    }

    /** The port that other nodes reach. */
    public int nodePort() {
        return node.getPort();
    }

    /** Takes no new calls; the health service says so. Calls that run go on. */
    public void drain() {
        health.enterTerminalState();
    }

    /** Ends calls that do not end by themselves within {@code grace}, then frees the ports. */
    public void close(Duration grace) {
        drain();
        client.shutdown();
        node.shutdown();
        try {
            long half = grace.toMillis() / 2;
            if (!client.awaitTermination(half, TimeUnit.MILLISECONDS)) {
                client.shutdownNow();
            }
            if (!node.awaitTermination(half, TimeUnit.MILLISECONDS)) {
                node.shutdownNow();
            }
            boolean clientEnded = client.awaitTermination(1, TimeUnit.SECONDS);
            boolean nodeEnded = node.awaitTermination(1, TimeUnit.SECONDS);
            if (!clientEnded || !nodeEnded) {
                log.warn("Calls did not end; closing their connections");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(1));
    }

    private static List<ServerServiceDefinition> bound(List<? extends BindableService> services) {
        return services.stream().map(BindableService::bindService).toList();
    }

    private static Server start(
            Listener listener, NettyServerBuilder builder, GatedRegistry services) {
        builder.fallbackHandlerRegistry(services).intercept(new CallGuard());
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw listener.refusal(e);
        }
    }
}
