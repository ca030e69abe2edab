/**
 * What is decided, as pure functions: {@code (image, operation, turn) -> records + reply}. Entry
 * types: {@link io.kq.metadata.decision.MetadataOperation}, {@link
 * io.kq.metadata.decision.TopicDecisions}, {@link io.kq.metadata.decision.BrokerDecisions}. No
 * thread, lock or clock: time and chance come with the {@link io.kq.metadata.decision.Turn}. Called
 * by the controller's loop and by simulations. May call {@code record}, {@code image}, {@code
 * placement}.
 */
@NullMarked
package io.kq.metadata.decision;

import org.jspecify.annotations.NullMarked;
