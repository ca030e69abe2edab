package io.kq.log;

import io.kq.log.io.LogFile;
import io.kq.log.io.LogFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk that fails when told to: after some bytes of a write, at a cut, at an fsync. */
final class FailingLogFiles implements LogFiles {

    static final String FULL = "No space left on device";
    static final String BROKEN = "Input/output error";

    private final LogFiles disk = LogFiles.onDisk();

    /** Bytes that can still be written; then writes fail with {@link #writeError}. */
    long bytesLeft = Long.MAX_VALUE;

    String writeError = FULL;
    boolean truncateFails;
    boolean forceFails;
    int forces;

    @Override
    public LogFile create(Path file) throws IOException {
        return new FailingLogFile(disk.create(file));
    }

    @Override
    public LogFile open(Path file) throws IOException {
        return new FailingLogFile(disk.open(file));
    }

    @Override
    public LogFile openReadOnly(Path file) throws IOException {
        return disk.openReadOnly(file);
    }

    /** Run before a file is deleted. */
    Runnable beforeDeleting = () -> {};

    /** Whether a file that is deleted gives its bytes back. */
    boolean deletingFrees;

    @Override
    public void delete(Path file) throws IOException {
        beforeDeleting.run();
        if (deletingFrees && Files.exists(file)) {
            bytesLeft += Files.size(file);
        }
        disk.delete(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        disk.createDirectory(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        disk.syncDirectory(directory);
    }

    private final class FailingLogFile implements LogFile {

        private final LogFile file;

        FailingLogFile(LogFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer[] parts, long position) throws IOException {
            long at = position;
            for (ByteBuffer part : parts) {
                int taken = (int) Math.min(part.remaining(), bytesLeft);
                ByteBuffer some = part.duplicate().limit(part.position() + taken);
                file.write(new ByteBuffer[] {some}, at);
                bytesLeft -= taken;
                at += taken;
                if (taken < part.remaining()) {
                    throw new IOException(writeError);
                }
            }
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void force() throws IOException {
            forces++;
            if (forceFails) {
                throw new IOException(BROKEN);
            }
            file.force();
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            if (truncateFails) {
                throw new IOException(BROKEN);
            }
            file.truncate(sizeBytes);
        }

        @Override
        public long sizeBytes() throws IOException {
            return file.sizeBytes();
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
