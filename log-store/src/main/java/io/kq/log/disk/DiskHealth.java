package io.kq.log.disk;

/** What a data directory can do at the moment; the first ones can do more. */
public enum DiskHealth {
    /** Reads and writes. */
    WRITABLE,
    /**
     * The disk is full, or what is left of it is the reserve: appends are refused with DISK_FULL,
     * reads go on. Writable again by itself once there is space.
     */
    DISK_FULL,
    /**
     * A write or an fsync failed: appends are refused with STORAGE_FAULT until the process is
     * started anew, reads go on.
     */
    FAILED,
    /** It could not be opened: nothing in it can be read or written until the next start. */
    OFFLINE
}
