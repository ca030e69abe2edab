/**
 * Segment files as bytes: channels, gathering writes, fsync, preallocation. Entry type: LogFile.
 * One of the two rooms that may use file channels. May call runtime.
 */
@NullMarked
package io.kq.log.io;

import org.jspecify.annotations.NullMarked;
