/**
 * The agreed state as immutable values, and what changed between two of them. Entry types: {@link
 * io.kq.metadata.image.MetadataImage}, {@link io.kq.metadata.image.MetadataDelta}. Any thread; no
 * time, no chance, no I/O. May call {@code protocol} and {@code metadata.record}.
 */
@NullMarked
package io.kq.metadata.image;

import org.jspecify.annotations.NullMarked;
