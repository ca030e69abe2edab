/**
 * The settings that belong to the cluster's contract and not to one node: configs of topics, and
 * how sizes and durations are written. Entry types: {@link io.kq.protocol.config.TopicConfig},
 * {@link io.kq.protocol.config.Quantity}. Immutable, any thread. May call {@code io.kq.protocol}.
 */
@NullMarked
package io.kq.protocol.config;

import org.jspecify.annotations.NullMarked;
