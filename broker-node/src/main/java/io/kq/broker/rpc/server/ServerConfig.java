package io.kq.broker.rpc.server;

import io.kq.broker.config.HostPort;
import java.time.Duration;

/**
 * The ports.
 *
 * @param client public services
 * @param node public and internal services
 * @param reflection whether the client port tells tools its services' descriptors
 * @param nodeSilenceMax a connection to the node port on which bytes wait for longer to arrive is
 *     given up
 */
public record ServerConfig(
        HostPort client, HostPort node, boolean reflection, Duration nodeSilenceMax) {}
