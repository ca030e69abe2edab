package io.kq.log.slice;

import io.kq.log.io.LogFile;
import io.kq.log.io.SegmentFile;
import io.kq.log.recovery.Damage;
import io.kq.log.recovery.DamageHandler;
import io.kq.log.segment.BatchRange;
import io.kq.log.segment.BatchRules;
import io.kq.log.segment.BatchScanner;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/** Whole batches in a segment file that stays open as long as this is. */
public final class FileSlice implements LogSlice {

    private final SegmentFile file;
    private final LogFile open;
    private final BatchRange range;
    private final boolean hot;
    private final DamageHandler damages;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes over one pin of {@code file}.
     *
     * @param open what the pin gave
     * @param damages told if {@link #verify} finds any
     */
    public FileSlice(
            SegmentFile file, LogFile open, BatchRange range, boolean hot, DamageHandler damages) {
        this.file = file;
        this.open = open;
        this.range = range;
        this.hot = hot;
        this.damages = damages;
    }

    @Override
    public int sizeBytes() {
        return range.sizeBytes();
    }

    @Override
    public long baseOffset() {
        return range.baseOffset();
    }

    @Override
    public long nextOffset() {
        return range.nextOffset();
    }

    @Override
    public boolean isHot() {
        return hot;
    }

    @Override
    public void read(int position, ByteBuffer target) throws IOException {
        if (position < 0 || target.remaining() > range.sizeBytes() - position) {
            throw new IllegalArgumentException(
                    target.remaining()
                            + " bytes from "
                            + position
                            + " reach over a slice of "
                            + range.sizeBytes());
        }
        int wanted = target.remaining();
        requireOpen();
        if (open.read(target, range.position() + position) < wanted) {
            throw new EOFException(file.path() + " was cut while it was read");
        }
    }

    @Override
    public void verify() throws IOException {
        requireOpen();
        BatchScanner scanner =
                new BatchScanner(
                        open,
                        range.position(),
                        range.endPosition(),
                        range.baseOffset(),
                        -1,
                        BatchScanner.LONG_READ_BYTES);
        while (scanner.next()) {
            if (!scanner.crcMatches()) {
                throw damages.onDamage(
                        new Damage(file.path(), scanner.position(), BatchRules.CRC_PROBLEM));
            }
        }
        String problem = scanner.problem();
        if (problem != null) {
            throw damages.onDamage(new Damage(file.path(), scanner.endPosition(), problem));
        }
    }

    @Override
    public void writeTo(OutputStream out, byte[] scratch) throws IOException {
        int done = 0;
        while (done < range.sizeBytes()) {
            int count = Math.min(scratch.length, range.sizeBytes() - done);
            read(done, ByteBuffer.wrap(scratch, 0, count));
            out.write(scratch, 0, count);
            done += count;
        }
    }

    private void requireOpen() throws IOException {
        if (closed.get()) {
            throw new IOException("the slice of " + file.path() + " is closed");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            file.unpin();
        }
    }
}
