package io.kq.broker.partition.simulation;

/** What can befall a cluster. */
enum Fault {
    KILL,
    POWER_CUT,
    POWER_CUT_OF_ALL,
    LOST_DISK,
    PAUSE,
    CUT_ONE_WAY,
    CUT_BOTH_WAYS,
    ISOLATE,
    CUT_TO_CONTROLLER,
    CUT_FROM_CONTROLLER,
    BROKEN_CONNECTION,
    SLOW_NETWORK,
    DAMAGED_BYTES,
    SLOW_DISK,
    FULL_DISK,
    LATE_IMAGES,
    CONTROLLER_CHANGE,
    LOST_ANSWER,
    SLOW_QUORUM,
    SLOW_CALLS,
    MIN_ISR,
    REASSIGNMENT,
    CANCELLED_REASSIGNMENT,
    SHUTDOWN,
    DRAIN,
    UNCLEAN_ELECTION,
    PREFERRED_ELECTION,
    TRIM;

    /** Whether it hides more than it shows if it happens in every other schedule. */
    boolean isRare() {
        return this == UNCLEAN_ELECTION || this == POWER_CUT_OF_ALL || this == LOST_DISK;
    }
}
