package io.kq.log.disk;

import io.kq.log.io.StorageFaultException;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.FaultHandler;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a data directory takes writes. The first fault takes it offline for all partitions in it:
 * after a failed write or fsync nobody knows what the kernel still has, and trying again would
 * report success for bytes that are gone. Only a full disk gets better by itself. Any thread.
 */
public final class DiskState {

    private static final Logger LOG = LoggerFactory.getLogger(DiskState.class);

    private final Path directory;
    private final FaultHandler faults;

    /**
     * Moves from WRITABLE to the others, from DISK_FULL back or to FAILED, never from FAILED.
     * Guarded by this for writing.
     */
    private volatile DiskHealth health = DiskHealth.WRITABLE;

    /** What happened; empty while all is well. Guarded by this for writing. */
    private volatile String problem = "";

    /** Begins to look for space. */
    private volatile Runnable onDiskFull = () -> {};

    public DiskState(Path directory, FaultHandler faults) {
        this.directory = directory;
        this.faults = faults;
    }

    /** Has {@code probing} run whenever the disk turns out to be full. */
    public void onDiskFull(Runnable probing) {
        onDiskFull = probing;
    }

    public DiskHealth current() {
        return health;
    }

    /** Why it takes no writes; empty if it does. */
    public String problem() {
        return problem;
    }

    /** Refuses unless the directory takes writes. */
    public void requireWritable() {
        DiskHealth now = health;
        if (now != DiskHealth.WRITABLE) {
            throw refusal(now);
        }
    }

    /** Refuses if a write or an fsync failed before: then another fsync proves nothing. */
    public void requireNotFailed() {
        if (health == DiskHealth.FAILED) {
            throw refusal(DiskHealth.FAILED);
        }
    }

    /**
     * Takes the directory offline and tells the fault handler, once.
     *
     * @return what to answer those whose write it was
     */
    public RejectedException failed(StorageFaultException fault) {
        return takeOffline(fault.diskFull() ? DiskHealth.DISK_FULL : DiskHealth.FAILED, fault);
    }

    /** The same for an fsync: whatever the reason, the kernel may have dropped what it had. */
    public RejectedException syncFailed(StorageFaultException fault) {
        return takeOffline(DiskHealth.FAILED, fault);
    }

    private RejectedException takeOffline(DiskHealth to, StorageFaultException fault) {
        synchronized (this) {
            if (health == to || health == DiskHealth.FAILED) {
                return refusal(to);
            }
            problem = fault.getMessage();
            health = to;
        }
        if (fault.getCause() == null) {
            LOG.error(
                    "Data directory takes no more writes directory={} health={} reason={}",
                    directory,
                    to,
                    fault.getMessage());
        } else {
            LOG.error(
                    "Data directory takes no more writes directory={} health={}",
                    directory,
                    to,
                    fault);
        }
        faults.onFault("data directory " + directory, fault);
        if (to == DiskHealth.DISK_FULL) {
            onDiskFull.run();
        }
        return refusal(to);
    }

    /** A full disk has space again. */
    public void spaceWasFreed() {
        synchronized (this) {
            if (health != DiskHealth.DISK_FULL) {
                return;
            }
            health = DiskHealth.WRITABLE;
            problem = "";
        }
        LOG.info("Data directory takes writes again directory={}", directory);
    }

    private RejectedException refusal(DiskHealth why) {
        return why == DiskHealth.DISK_FULL
                ? new RejectedException(
                        ErrorCode.DISK_FULL,
                        "the disk of data directory " + directory + " is full: " + problem)
                : new RejectedException(
                        ErrorCode.STORAGE_FAULT,
                        "data directory " + directory + " failed and takes no writes");
    }
}
