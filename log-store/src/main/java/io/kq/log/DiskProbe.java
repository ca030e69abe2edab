package io.kq.log;

import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Looks whether a full disk has space again, by writing and syncing a file of some size: that also
 * sees quotas and reserved blocks. Background thread.
 */
final class DiskProbe {

    /** Enough that a directory does not come back for a moment only. */
    private static final int PROBE_BYTES = 4 << 20;

    private final Path file;
    private final LogFiles files;
    private final StoreHealth health;
    private final Housekeeping housekeeping;

    DiskProbe(Path directory, LogFiles files, StoreHealth health, Housekeeping housekeeping) {
        this.file = directory.resolve("space-probe");
        this.files = files;
        this.health = health;
        this.housekeeping = housekeeping;
    }

    /** Begins to look, at each interval until there is space. */
    Runnable every(Duration interval) {
        return () -> housekeeping.later(interval, () -> look(interval));
    }

    private void look(Duration interval) {
        if (health.current() != LogStore.Health.DISK_FULL) {
            return;
        }
        if (hasSpace()) {
            health.spaceWasFreed();
        } else {
            every(interval).run();
        }
    }

    private boolean hasSpace() {
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
