package io.kq.log;

import io.kq.log.LogStore.Health;
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
final class StoreHealth {

    private static final Logger LOG = LoggerFactory.getLogger(StoreHealth.class);

    private final Path directory;
    private final FaultHandler faults;

    /**
     * Moves from WRITABLE to the others, from DISK_FULL back or to FAILED, never from FAILED.
     * Guarded by this for writing.
     */
    private volatile Health health = Health.WRITABLE;

    /** Begins to look for space. */
    private volatile Runnable onDiskFull = () -> {};

    StoreHealth(Path directory, FaultHandler faults) {
        this.directory = directory;
        this.faults = faults;
    }

    /** Has {@code probing} run whenever the disk turns out to be full. */
    void onDiskFull(Runnable probing) {
        onDiskFull = probing;
    }

    Health current() {
        return health;
    }

    /** Refuses unless the directory takes writes. */
    void requireWritable() {
        Health now = health;
        if (now != Health.WRITABLE) {
            throw refusal(now);
        }
    }

    /** Refuses if a write or an fsync failed before: then another fsync proves nothing. */
    void requireNotFailed() {
        if (health == Health.FAILED) {
            throw refusal(Health.FAILED);
        }
    }

    /**
     * Takes the directory offline and tells the fault handler, once.
     *
     * @return what to answer those whose write it was
     */
    RejectedException failed(StorageFaultException fault) {
        return takeOffline(fault.diskFull() ? Health.DISK_FULL : Health.FAILED, fault);
    }

    /** The same for an fsync: whatever the reason, the kernel may have dropped what it had. */
    RejectedException syncFailed(StorageFaultException fault) {
        return takeOffline(Health.FAILED, fault);
    }

    private RejectedException takeOffline(Health to, StorageFaultException fault) {
        synchronized (this) {
            if (health == to || health == Health.FAILED) {
                return refusal(to);
            }
            health = to;
        }
        LOG.error(
                "Data directory takes no more writes directory={} health={}", directory, to, fault);
        faults.onFault("data directory " + directory, fault);
        if (to == Health.DISK_FULL) {
            onDiskFull.run();
        }
        return refusal(to);
    }

    /** A full disk has space again. */
    void spaceWasFreed() {
        synchronized (this) {
            if (health != Health.DISK_FULL) {
                return;
            }
            health = Health.WRITABLE;
        }
        LOG.info("Data directory takes writes again directory={}", directory);
    }

    private RejectedException refusal(Health why) {
        return why == Health.DISK_FULL
                ? new RejectedException(
                        ErrorCode.DISK_FULL, "the disk of data directory " + directory + " is full")
                : new RejectedException(
                        ErrorCode.STORAGE_FAULT,
                        "data directory " + directory + " failed and takes no writes");
    }
}
