package io.kq.log;

import io.kq.log.disk.DiskState;
import io.kq.log.disk.SpaceGuard;
import io.kq.log.index.IndexStore;
import io.kq.log.io.OpenFiles;
import io.kq.log.recovery.Quarantine;
import io.kq.runtime.Clock;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the logs of one directory share.
 *
 * @param takenBytes appended to the whole directory by this process: the age of bytes, counted in
 *     bytes
 */
record StoreServices(
        LogStoreConfig config,
        Clock clock,
        DiskState disk,
        SpaceGuard space,
        Quarantine quarantine,
        OpenFiles openFiles,
        IndexStore indexStore,
        Housekeeping housekeeping,
        AtomicLong takenBytes) {

    /** Whether what was appended at {@code mark} is young enough to be in the page cache. */
    boolean isHot(long mark) {
        return mark >= 0 && takenBytes.get() - mark <= config.hotBytes();
    }
}
