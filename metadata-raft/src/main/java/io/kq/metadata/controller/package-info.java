/**
 * Decides on the leader only: operations against the committed image become records, with all time,
 * chance and policy resolved. Entry types: {@link io.kq.metadata.controller.MetadataOperation},
 * ControllerLoop. One event loop. May call {@code record}, {@code image}, {@code placement}.
 */
@NullMarked
package io.kq.metadata.controller;

import org.jspecify.annotations.NullMarked;
