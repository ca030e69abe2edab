/**
 * Reads a data directory without changing anything in it, beside a live node too. Entry types:
 * those that {@link io.kq.log.LogInspection} hands out, and {@link
 * io.kq.log.inspection.DirectoryReader} behind it. Any thread, blocking. May call index, producer,
 * segment, layout, io, protocol.
 */
@NullMarked
package io.kq.log.inspection;

import org.jspecify.annotations.NullMarked;
