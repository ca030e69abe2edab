package io.kq.log.io;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the number of open segment files bounded, however many segments there are: beyond the bound
 * those that were not used lately are closed (second chance). Files in use do not count as idle, so
 * the bound can be passed by them. Any thread.
 */
public final class OpenFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

    private final LogFiles files;
    private final int openMax;

    /** Files that are open, in the order in which they are looked at. Guarded by this. */
    private final ArrayDeque<SegmentFile> ring = new ArrayDeque<>();

    public OpenFiles(LogFiles files, int openMax) {
        this.files = files;
        this.openMax = openMax;
    }

    /** How many files of any kind this process may have open; a very large number if not known. */
    public static long limitOfProcess() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }

    /** A file that exists, not opened yet. */
    public SegmentFile existing(Path path) {
        return new SegmentFile(this, path, false);
    }

    /** A file that exists and is never written, not opened yet. */
    public SegmentFile existingReadOnly(Path path) {
        return new SegmentFile(this, path, true);
    }

    /** Makes a new, empty file and keeps it open for now. */
    public SegmentFile create(Path path) throws IOException {
        SegmentFile file = new SegmentFile(this, path, false);
        file.adopt(files.create(path));
        opened(file);
        return file;
    }

    /** Where the files come from. */
    public LogFiles files() {
        return files;
    }

    /** Takes note of a file that was opened; may close others. Called without any file's lock. */
    synchronized void opened(SegmentFile file) {
        ring.addLast(file);
        int looks = ring.size() > openMax ? 2 * ring.size() : 0;
        while (ring.size() > openMax && looks-- > 0) {
            SegmentFile candidate = ring.removeFirst();
            if (candidate == file || !candidate.closeIfIdle()) {
                ring.addLast(candidate);
            }
        }
    }

    /** Takes note of a file that will not be opened again. */
    synchronized void forget(SegmentFile file) {
        ring.remove(file);
    }

    /** How many files are open, those that are closed behind our back included. */
    synchronized int openCount() {
        return ring.size();
    }

    void closeFailed(Path path, IOException cause) {
        LOG.warn("Closing a file failed; nothing is lost by it file={}", path, cause);
    }
}
