package io.kq.log.io;

import io.kq.runtime.io.DiskFull;
import io.kq.runtime.io.FileProblem;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The disk did not do what it was asked to: the directory it happened in takes no more writes.
 * Distinct from a refusal, which is the asker's affair.
 */
public final class StorageFaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean diskFull;

    private StorageFaultException(String message, boolean diskFull, @Nullable Throwable cause) {
        super(message, cause);
        this.diskFull = diskFull;
    }

    /**
     * The fault behind a failed operation.
     *
     * @param action what was tried, for example {@code "append to"}
     */
    public static StorageFaultException of(String action, Path file, IOException cause) {
        return new StorageFaultException(
                action + " " + file + " failed: " + FileProblem.of(cause),
                DiskFull.caused(cause),
                cause);
    }

    /** No write failed yet: what is left of the disk is kept for other things than records. */
    public static StorageFaultException reserveReached(long freeBytes, long reserveBytes) {
        return new StorageFaultException(
                "it has "
                        + Math.max(freeBytes, 0)
                        + " bytes free, and disk.reserve keeps "
                        + reserveBytes,
                true,
                null);
    }

    /** Whether there was no space left: the only fault that goes away by itself. */
    public boolean diskFull() {
        return diskFull;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
