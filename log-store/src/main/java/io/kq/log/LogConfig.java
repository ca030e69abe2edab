package io.kq.log;

import java.time.Duration;

/**
 * Settings of one partition's log, from its topic's configs over the cluster's defaults.
 *
 * @param segmentBytes a segment is rolled before it would grow over this
 * @param segmentAge a segment is rolled when its first record is older
 * @param messageBytesMax largest batch
 * @param flush what an acknowledged write has survived
 * @param timestampType whose time the records carry
 * @param compacted every record needs a key
 */
public record LogConfig(
        int segmentBytes,
        Duration segmentAge,
        int messageBytesMax,
        Flush flush,
        TimestampType timestampType,
        boolean compacted) {

    /** What an acknowledged write has survived. */
    public enum Flush {
        /** The process: it is in the page cache. */
        OS,
        /** The machine: it is on the disk. */
        FSYNC
    }

    /** Whose time the records carry. */
    public enum TimestampType {
        CREATE_TIME,
        LOG_APPEND_TIME
    }

    /** Kafka's defaults. */
    public static LogConfig defaults() {
        return new LogConfig(
                1 << 30, Duration.ofDays(7), 1_048_588, Flush.OS, TimestampType.CREATE_TIME, false);
    }
}
