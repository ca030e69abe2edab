/**
 * A node as a whole. Entry types: {@link io.kq.broker.BrokerMain} (the process), {@link
 * io.kq.broker.Node} (the composition root: what is made of what, in the order of the data flow).
 * Runs on the main thread while starting and on the shutdown hook while stopping. May call
 * everything; nothing calls it.
 */
@NullMarked
package io.kq.broker;

import org.jspecify.annotations.NullMarked;
