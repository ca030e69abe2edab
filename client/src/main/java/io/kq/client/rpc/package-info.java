/**
 * The client's edge to gRPC: channels on one event loop, unary calls that are repeated over all
 * addresses, the streams behind the ports of the other rooms, and the mapping between messages and
 * kq's own values. Entry types: {@link io.kq.client.rpc.AdminCalls}, {@link
 * io.kq.client.rpc.ClientLoop}, {@link io.kq.client.rpc.NodeChannels}. State lives on the client's
 * loop. May call the other rooms of the client (values and ports), {@code protocol}, {@code
 * runtime}.
 */
@NullMarked
package io.kq.client.rpc;

import org.jspecify.annotations.NullMarked;
