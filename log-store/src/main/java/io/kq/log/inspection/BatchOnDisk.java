package io.kq.log.inspection;

import io.kq.protocol.record.RecordBatchHeader;
import java.nio.file.Path;

/**
 * A batch in a segment file.
 *
 * @param position of its first byte in the file
 * @param crcMatches whether the CRC in the header is that of the bytes
 */
public record BatchOnDisk(Path file, long position, RecordBatchHeader header, boolean crcMatches) {}
