/**
 * Segment files as bytes: channels, gathering writes, fsync, and a bound on how many are open.
 * Entry types: {@link io.kq.log.io.OpenFiles}, {@link io.kq.log.io.SegmentFile}; seam for tests:
 * {@link io.kq.log.io.LogFiles}. Any thread. One of the two rooms that may use file channels. May
 * call runtime.
 */
@NullMarked
package io.kq.log.io;

import org.jspecify.annotations.NullMarked;
