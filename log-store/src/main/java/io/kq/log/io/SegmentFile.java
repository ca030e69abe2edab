package io.kq.log.io;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * One file that is opened when it is first needed and may be closed while nobody needs it. Who uses
 * it pins it, and unpins it after; a pinned file stays readable even if it is deleted meanwhile.
 * Any thread.
 */
public final class SegmentFile {

    private final OpenFiles pool;

    /** Moved under this, so that whoever opens it finds it. */
    private volatile Path path;

    private final boolean readOnly;

    /** Null while closed. Guarded by this. */
    private @Nullable LogFile open;

    /** How many use it now. Guarded by this. Invariant: {@code > 0} implies open, and stays so. */
    private int pins;

    /** Used since the pool last looked. Guarded by this. */
    private boolean usedLately;

    /** No more pins are given; closed with the last one. Guarded by this. */
    private boolean discarded;

    SegmentFile(OpenFiles pool, Path path, boolean readOnly) {
        this.pool = pool;
        this.path = path;
        this.readOnly = readOnly;
    }

    /** Where it is, or was before it was deleted. */
    public Path path() {
        return path;
    }

    /**
     * The open file, until {@link #unpin} is called as often as this was.
     *
     * @throws NoSuchFileException if it was discarded or is not there
     */
    public LogFile pin() throws IOException {
        boolean opened = false;
        LogFile file;
        synchronized (this) {
            if (discarded) {
                throw new NoSuchFileException(path.toString());
            }
            file = open;
            if (file == null || (!file.isOpen() && pins == 0)) {
                file = readOnly ? pool.files().openReadOnly(path) : pool.files().open(path);
                opened = open == null;
                open = file;
            }
            pins++;
            usedLately = true;
        }
        if (opened) {
            pool.opened(this);
        }
        return file;
    }

    /** Gives it another name; those who have it pinned do not notice. */
    public synchronized void rename(Path renamed) throws IOException {
        pool.files().rename(path, renamed);
        path = renamed;
    }

    /** Gives back one pin. */
    public synchronized void unpin() {
        pins--;
        if (pins == 0 && discarded) {
            closeNow();
        }
    }

    /** Takes a file just made as the open one. */
    synchronized void adopt(LogFile made) {
        open = made;
        usedLately = true;
    }

    /** Gives no more pins and closes the file with the last one, at once if there is none. */
    public void discard() {
        synchronized (this) {
            discarded = true;
            if (pins == 0) {
                closeNow();
            }
        }
        pool.forget(this);
    }

    /**
     * Closes it unless it is pinned or was used since the last look.
     *
     * @return whether it is closed now
     */
    synchronized boolean closeIfIdle() {
        if (open == null) {
            return true;
        }
        if (pins > 0 || usedLately) {
            usedLately = false;
            return false;
        }
        closeNow();
        return true;
    }

    private void closeNow() {
        LogFile file = open;
        open = null;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // Closing reports nothing that fsync did not; the bytes are the kernel's already.
                pool.closeFailed(path, e);
            }
        }
    }
}
