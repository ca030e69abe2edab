package io.kq.log.compaction.pass;

import io.kq.log.segment.Segment;

/**
 * A sealed segment that is read.
 *
 * @param endOffset exclusive
 */
record SourceSegment(Segment segment, long endOffset) {}
