/**
 * Reads a data directory without changing anything in it, beside a live node too. Entry types:
 * those that {@link LogInspection} hands out, and {@link DirectoryReader} behind it. Any thread,
 * blocking. May call index, producer, segment, layout, io, protocol.
 */
@NullMarked
package io.kq.log.inspection;

import org.jspecify.annotations.NullMarked;
