/**
 * The words that both sides of the wire share: topics, partitions, offsets, error codes, names.
 * Immutable values, any thread. May call {@code runtime} only.
 */
@NullMarked
package io.kq.protocol;

import org.jspecify.annotations.NullMarked;
