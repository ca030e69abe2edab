package io.kq.log.index;

/**
 * The offsets of a segment that compaction wrote.
 *
 * @param endOffset exclusive
 */
public record ReplacedRange(long baseOffset, long endOffset) {}
