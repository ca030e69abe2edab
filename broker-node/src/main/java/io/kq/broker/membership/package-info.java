/**
 * This node's part in the cluster as a broker. Entry type: {@link
 * io.kq.broker.membership.BrokerLifecycle}: registers, keeps its session with the active controller
 * alive, leaves in good order. Runs on one event loop; reaches the controller through {@link
 * io.kq.broker.membership.SessionConnector}, which the edge implements. May call {@code metadata},
 * {@code protocol}, {@code runtime}.
 */
@NullMarked
package io.kq.broker.membership;

import org.jspecify.annotations.NullMarked;
