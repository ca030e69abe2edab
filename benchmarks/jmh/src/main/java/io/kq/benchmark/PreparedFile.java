package io.kq.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file that is preallocated in some way, and appended to from its start. */
final class PreparedFile implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private int lengthBytes;

    PreparedFile(Path path) throws IOException {
        this.path = path;
        this.channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
    }

    void prepare(Preallocation how, int bytes) throws IOException {
        lengthBytes = bytes;
        switch (how) {
            case NONE -> {}
            case LENGTH -> {
                int unused = channel.write(ByteBuffer.allocate(1), bytes - 1L);
            }
            case FALLOCATE -> fallocate(bytes);
            case ZEROS -> {
                ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
                for (int at = 0; at < bytes; at += zeros.capacity()) {
                    int unused = channel.write(zeros.clear(), at);
                }
                channel.force(true);
            }
        }
    }

    private void fallocate(int bytes) throws IOException {
        Process tool =
                new ProcessBuilder("fallocate", "-l", Integer.toString(bytes), path.toString())
                        .inheritIO()
                        .start();
        if (tool.onExit().join().exitValue() != 0) {
            throw new IOException("fallocate failed");
        }
    }

    void append(ByteBuffer batch) throws IOException {
        if (channel.position() + batch.remaining() > lengthBytes) {
            channel.position(0);
        }
        while (batch.hasRemaining()) {
            int unused = channel.write(batch);
        }
    }

    void sync() throws IOException {
        channel.force(false);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
