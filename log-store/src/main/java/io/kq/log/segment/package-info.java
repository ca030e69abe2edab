/**
 * One segment file and the order of segments: append, scan, roll. Entry types: {@link
 * io.kq.log.segment.Segment}, {@link io.kq.log.segment.SegmentList}, {@link
 * io.kq.log.segment.BatchScanner}. One appender at a time, readers beside it. May call log.io,
 * log.layout, protocol.
 */
@NullMarked
package io.kq.log.segment;

import org.jspecify.annotations.NullMarked;
