/**
 * The coordinator of a shard's groups: operations in, one batch in flight, answers when it is
 * applied. Enter at {@link io.kq.metadata.coordinator.CoordinatorLoop}.
 */
@NullMarked
package io.kq.metadata.coordinator;

import org.jspecify.annotations.NullMarked;
