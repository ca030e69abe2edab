package io.kq.log.disk;

import io.kq.log.io.StorageFaultException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stops appends before they reach the reserve. Asking the file system costs a system call, so that
 * its answer is used for as many bytes as leave room for being wrong: others write to it too. Any
 * thread.
 */
public final class SpaceGuard {

    /** At most so much is appended between two looks. */
    private static final long BYTES_PER_LOOK_MAX = 4 << 20;

    /** And at most this part of what is left. */
    private static final int SHARE_PER_LOOK = 4;

    private final Path directory;
    private final DiskReserve reserve;
    private final DiskSpace.Meter meter;
    private final DiskState state;

    /** What may be appended before the next look. */
    private final AtomicLong allowance = new AtomicLong();

    public SpaceGuard(Path directory, DiskReserve reserve, DiskSpace.Meter meter, DiskState state) {
        this.directory = directory;
        this.reserve = reserve;
        this.meter = meter;
        this.state = state;
    }

    /**
     * Refuses an append of so many bytes, and all that follow, if it would reach into the reserve.
     *
     * @throws io.kq.protocol.RejectedException DISK_FULL, or STORAGE_FAULT if the directory failed
     */
    public void requireRoom(int bytes) {
        state.requireWritable();
        if (allowance.addAndGet(-bytes) >= 0) {
            return;
        }
        DiskSpace space = meter.at(directory);
        long room = reserve.roomOn(space);
        if (room < bytes) {
            throw state.failed(
                    StorageFaultException.reserveReached(
                            space.freeBytes(), reserve.bytesOn(space)));
        }
        allowance.set(Math.min(BYTES_PER_LOOK_MAX, (room - bytes) / SHARE_PER_LOOK));
    }

    /** Whether so many bytes could be written outside of the reserve. One system call. */
    public boolean hasRoom(long bytes) {
        return reserve.roomOn(meter.at(directory)) >= bytes;
    }
}
