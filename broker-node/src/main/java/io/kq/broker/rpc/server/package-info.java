/**
 * The ports of a node. Entry type: {@link io.kq.broker.rpc.server.NodeServer}, which owns the event
 * loops, the accept channels and both gRPC servers, so that another protocol can later share a port
 * with gRPC. Services are called on the event loops and must not block. May call {@code
 * broker.rpc}, {@code broker.config}, {@code protocol}.
 */
@NullMarked
package io.kq.broker.rpc.server;

import org.jspecify.annotations.NullMarked;
