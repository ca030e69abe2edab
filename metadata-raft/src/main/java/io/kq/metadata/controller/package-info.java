/**
 * The active controller: has operations decided against the committed image one after the other,
 * commits one batch at a time, keeps the brokers' sessions. Entry types: {@link
 * io.kq.metadata.controller.ControllerLoop}, {@link io.kq.metadata.controller.BrokerSessions}. One
 * event loop. May call {@code decision}, {@code record}, {@code image}, {@code placement}.
 */
@NullMarked
package io.kq.metadata.controller;

import org.jspecify.annotations.NullMarked;
