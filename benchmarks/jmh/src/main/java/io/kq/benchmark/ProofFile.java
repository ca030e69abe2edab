package io.kq.benchmark;

import io.kq.protocol.record.RecordBatchHeader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Stands for segments that would take a terabyte: a header is read from some place in it. */
final class ProofFile implements AutoCloseable {

    private static final int SIZE_BYTES = 256 << 20;

    private final FileChannel channel;

    ProofFile(Path path) throws IOException {
        this.channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (int i = 0; i < SIZE_BYTES / zeros.capacity(); i++) {
            channel.write(zeros.clear());
        }
    }

    /** Reads as much as a look at a batch's header does. */
    boolean look(long position) {
        ByteBuffer header = ByteBuffer.allocate(RecordBatchHeader.SIZE_BYTES);
        try {
            channel.read(header, position % (SIZE_BYTES - RecordBatchHeader.SIZE_BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return RecordBatchHeader.read(header, 0).magic() == 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
