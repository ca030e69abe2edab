/**
 * The settings of a node: each declared once as a {@link io.kq.broker.config.ConfigKey} in {@link
 * io.kq.broker.config.NodeKeys}, read from overrides, environment, file and defaults by {@link
 * io.kq.broker.config.ConfigSources}. The only place that reads the environment. Immutable values,
 * any thread. May call {@code protocol}.
 */
@NullMarked
package io.kq.broker.config;

import org.jspecify.annotations.NullMarked;
