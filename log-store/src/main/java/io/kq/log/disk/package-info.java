/**
 * Whether and how the disk under a data directory can be used: its state, how full it is, which
 * directory takes the next partition. Entry types: {@link io.kq.log.disk.DiskState}, {@link
 * io.kq.log.disk.Placement}. Any thread; looking at a disk blocks. May call log.io, protocol,
 * runtime.
 */
@NullMarked
package io.kq.log.disk;

import org.jspecify.annotations.NullMarked;
