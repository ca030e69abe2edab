package io.kq.log.recovery;

import io.kq.log.io.LogFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A segment that is read by an opening which does not know what of it is on the disk. After a
 * failed fsync the kernel takes pages for written that are not, a process that is started anew
 * reads them as if nothing had been, and its next fsync leaves them out. So whatever is read from a
 * position on is written again where it was: then it is dirty, stays in memory, and the next fsync
 * means it.
 *
 * @param from everything before it is known to be on the disk
 */
record WritesAgain(LogFile file, long from) implements LogFile {

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int start = target.position();
        int count = file.read(target, position);
        int known = (int) Math.min(count, Math.max(0, from - position));
        if (known < count) {
            ByteBuffer again = target.slice(start + known, count - known);
            file.write(new ByteBuffer[] {again}, position + known);
        }
        return count;
    }

    @Override
    public void write(ByteBuffer[] parts, long position) throws IOException {
        file.write(parts, position);
    }

    @Override
    public void force() throws IOException {
        file.force();
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
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

    /** The file is its owner's to close. */
    @Override
    public void close() {}
}
