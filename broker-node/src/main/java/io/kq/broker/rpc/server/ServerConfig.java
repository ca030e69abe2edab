package io.kq.broker.rpc.server;

import io.kq.broker.config.HostPort;

/**
 * The ports.
 *
 * @param client public services
 * @param node public and internal services
 * @param reflection whether the client port tells tools its services' descriptors
 */
public record ServerConfig(HostPort client, HostPort node, boolean reflection) {}
