package io.kq.cli.produce;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Splits a stream of bytes at its line feeds and changes nothing else: a record that came out of a
 * pipe goes in again as the same bytes. What a person typed loses a carriage return too, as Kafka's
 * tool does everywhere. The last line needs no line feed. One thread.
 */
final class LineInput {

    /** Longer than any record may be; a longer line is a file that has no lines. */
    static final int LINE_BYTES_MAX = 64 << 20;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final boolean stripCarriageReturn;
    private byte[] buffer = new byte[BUFFER_BYTES];

    /** Start of what is not given out yet. Invariant: {@code start <= scanned <= end}. */
    private int start;

    /** Below it there is no line feed from {@link #start} on. */
    private int scanned;

    private int end;
    private boolean exhausted;

    LineInput(InputStream in, boolean stripCarriageReturn) {
        this.in = in;
        this.stripCarriageReturn = stripCarriageReturn;
    }

    /**
     * The next line without its line feed, null at the end. Blocks until there is one.
     *
     * @throws LineTooLongException it has more than {@link #LINE_BYTES_MAX} bytes
     */
    byte @Nullable [] next() throws IOException {
        while (true) {
            while (scanned < end) {
                if (buffer[scanned++] == '\n') {
                    return take(scanned - 1);
                }
            }
            if (exhausted) {
                return start == end ? null : take(end);
            }
            fill();
        }
    }

    private byte[] take(int lineEnd) {
        int last = lineEnd;
        if (stripCarriageReturn && last > start && buffer[last - 1] == '\r') {
            last--;
        }
        byte[] line = Arrays.copyOfRange(buffer, start, last);
        start = scanned;
        return line;
    }

    private void fill() throws IOException {
        if (end - start > LINE_BYTES_MAX) {
            throw new LineTooLongException();
        }
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            scanned -= start;
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        int count = in.read(buffer, end, buffer.length - end);
        if (count < 0) {
            exhausted = true;
        } else {
            end += count;
        }
    }

    /** The input has no lines. */
    static final class LineTooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        LineTooLongException() {
            super("longer than " + (LINE_BYTES_MAX >> 20) + " MiB");
        }
    }
}
