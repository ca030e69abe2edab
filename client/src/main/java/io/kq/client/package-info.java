/**
 * The Java client. Entry types: {@link io.kq.client.KqProducer}, {@link io.kq.client.KqConsumer},
 * {@link io.kq.client.KqAdmin}, all made from a {@link io.kq.client.ClientConfig}. They find the
 * whole cluster from any one node and are told of its changes. May call {@code protocol}, {@code
 * runtime}.
 */
@NullMarked
package io.kq.client;

import org.jspecify.annotations.NullMarked;
