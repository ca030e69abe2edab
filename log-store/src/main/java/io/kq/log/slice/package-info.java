/**
 * Pieces of segment files that are handed out without being read. Entry type: {@link
 * io.kq.log.slice.LogSlice}. One owner at a time, any thread; reading blocks unless the piece is
 * hot. May call log.io, log.segment, log.recovery.
 */
@NullMarked
package io.kq.log.slice;

import org.jspecify.annotations.NullMarked;
