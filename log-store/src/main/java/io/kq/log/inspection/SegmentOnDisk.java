package io.kq.log.inspection;

import java.nio.file.Path;

/**
 * One segment file, with its size when it was looked at.
 *
 * @param generation how often compaction has written it anew
 */
public record SegmentOnDisk(Path file, long baseOffset, int generation, long sizeBytes) {}
