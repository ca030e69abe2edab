package io.kq.log.disk;

import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Looks whether a full disk has space again outside of the reserve, by asking the file system, then
 * by writing and syncing a file of some size: that also sees quotas and reserved blocks. Background
 * thread.
 */
public final class DiskProbe {

    /** Enough that a directory does not come back for a moment only. */
    private static final int PROBE_BYTES = 4 << 20;

    /** Runs something in a while, on a background thread. */
    @FunctionalInterface
    public interface Later {
        void run(Duration delay, Runnable task);
    }

    private final Path file;
    private final LogFiles files;
    private final DiskState state;
    private final SpaceGuard guard;
    private final Later later;

    public DiskProbe(
            Path directory, LogFiles files, DiskState state, SpaceGuard guard, Later later) {
        this.file = directory.resolve("space-probe");
        this.files = files;
        this.state = state;
        this.guard = guard;
        this.later = later;
    }

    /** Begins to look, at each interval until there is space. */
    public Runnable every(Duration interval) {
        return () -> later.run(interval, () -> look(interval));
    }

    private void look(Duration interval) {
        if (state.current() != DiskHealth.DISK_FULL) {
            return;
        }
        if (hasSpace()) {
            state.spaceWasFreed();
        } else {
            every(interval).run();
        }
    }

    private boolean hasSpace() {
        if (!guard.hasRoom(PROBE_BYTES)) {
            return false;
        }
        try {
            files.delete(file);
            try (LogFile probe = files.create(file)) {
                probe.write(new ByteBuffer[] {ByteBuffer.allocate(PROBE_BYTES)}, 0);
                probe.force();
            }
            files.delete(file);
            return true;
        } catch (IOException stillFull) {
            try {
                files.delete(file);
            } catch (IOException e) {
                // It is deleted before the next look.
            }
            return false;
        }
    }
}
