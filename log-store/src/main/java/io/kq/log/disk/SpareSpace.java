package io.kq.log.disk;

import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of no use but its size. Before old records go, their log's new start is written down; on a
 * disk without a byte left that could not be done, and nothing would ever be freed. Then this file
 * gives its space to it. Any thread.
 */
public final class SpareSpace {

    /** Enough for the checkpoint of some hundred partitions. */
    private static final int BYTES_MIN = 64 << 10;

    private static final int BYTES_MAX = 64 << 20;

    private final Path file;
    private final LogFiles files;

    /** For the data directory {@code directory}. */
    public SpareSpace(Path directory, LogFiles files) {
        this.file = directory.resolve("spare");
        this.files = files;
    }

    /**
     * Has space kept back, for {@code bytes} and more of them; if the disk has none, another time.
     * Written and not synced: what matters is that it is taken.
     */
    public synchronized void keep(long bytes) {
        int wanted = (int) Math.min(BYTES_MAX, BYTES_MIN + 2 * bytes);
        try {
            if (Files.exists(file) && Files.size(file) >= BYTES_MIN + bytes) {
                return;
            }
            files.delete(file);
            try (LogFile made = files.create(file)) {
                made.write(new ByteBuffer[] {ByteBuffer.allocate(wanted)}, 0);
            }
        } catch (IOException noSpaceNow) {
            try {
                files.delete(file);
            } catch (IOException e) {
                // What is left of it is too small, and made anew next time.
            }
        }
    }

    /**
     * Gives the space away.
     *
     * @return false: there was none
     */
    public synchronized boolean giveUp() throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        files.deleteDurably(file);
        return true;
    }
}
