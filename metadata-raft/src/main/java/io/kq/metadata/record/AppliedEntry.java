package io.kq.metadata.record;

/**
 * A batch's place in the log, once it is applied.
 *
 * @param ignored it was committed in another term than it was decided in: nothing happened
 */
public record AppliedEntry(long index, long term, boolean ignored) {}
