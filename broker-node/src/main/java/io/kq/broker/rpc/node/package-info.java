/**
 * Node to node ({@code kq.internal.v1}), both ends: services that other nodes call, and the gRPC
 * halves of the ports that birth, membership and metadata define. Any thread; nothing blocks. May
 * call {@code broker.rpc}, {@code broker.birth}, {@code broker.membership}, {@code metadata},
 * {@code protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.broker.rpc.node;

import org.jspecify.annotations.NullMarked;
