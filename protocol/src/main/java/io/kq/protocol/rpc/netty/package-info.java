/**
 * gRPC over Netty, set up the same way on both ends of every connection of kq. Entry type: {@link
 * io.kq.protocol.rpc.netty.TunedTransport}. Any thread. May call gRPC, Netty and nothing of kq.
 */
@NullMarked
package io.kq.protocol.rpc.netty;

import org.jspecify.annotations.NullMarked;
