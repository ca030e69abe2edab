package io.kq.broker.compaction;

import java.time.Duration;

/**
 * What compaction may take of a node.
 *
 * @param backoff how long it waits when there is nothing to do
 * @param keyMapBytes memory for the keys of one pass
 * @param bytesPerSecond what it reads and writes together
 */
public record CleanerSettings(Duration backoff, long keyMapBytes, long bytesPerSecond) {}
