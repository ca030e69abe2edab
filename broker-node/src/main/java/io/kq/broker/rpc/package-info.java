/**
 * The edge: what the gRPC services of a node share. Entry types: {@link
 * io.kq.broker.rpc.NodeChannels} (other nodes), {@link io.kq.broker.rpc.ProducerIds}. Services live
 * in the packages below and translate between protobuf and kq's own asynchronous API; they decide
 * nothing. Any thread; nothing here blocks. May call {@code protocol}, {@code metadata}, {@code
 * runtime}; never its own sub-packages.
 */
@NullMarked
package io.kq.broker.rpc;

import org.jspecify.annotations.NullMarked;
