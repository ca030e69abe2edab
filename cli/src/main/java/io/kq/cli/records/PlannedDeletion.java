package io.kq.cli.records;

import io.kq.protocol.TopicPartition;

/**
 * What is to go of one partition, looked up before anything goes.
 *
 * @param logStart first offset that exists
 * @param before first offset that is kept, if it is above {@code logStart}
 */
record PlannedDeletion(TopicPartition partition, long logStart, long before) {

    /** First offset that exists afterwards. */
    long newLogStart() {
        return Math.max(logStart, before);
    }

    /** How many offsets go. */
    long count() {
        return newLogStart() - logStart;
    }

    String text() {
        return partition + " before " + newLogStart() + " (" + count() + " offsets)";
    }
}
