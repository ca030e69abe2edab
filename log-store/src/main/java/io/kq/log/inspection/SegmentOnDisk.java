package io.kq.log.inspection;

import java.nio.file.Path;

/** One segment file, with its size when it was looked at. */
public record SegmentOnDisk(Path file, long baseOffset, long sizeBytes) {}
