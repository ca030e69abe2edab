/**
 * Names and small files of a data directory: what the segments themselves cannot tell. Entry types:
 * {@link io.kq.log.layout.StoreLayout}, {@link io.kq.log.layout.Checkpoint}, {@link
 * io.kq.log.layout.PartitionProperties}. Any thread, blocking; callers see to it that a file has
 * one writer. May call protocol, runtime.io.
 */
@NullMarked
package io.kq.log.layout;

import org.jspecify.annotations.NullMarked;
