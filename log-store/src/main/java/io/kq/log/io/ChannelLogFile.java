package io.kq.log.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A file behind a file channel. Never mapped: appends through a mapping cost several times more.
 */
final class ChannelLogFile implements LogFile {

    private final FileChannel channel;

    /** Where the channel stands, to save a seek per append. Used by the writing thread only. */
    private long channelPosition;

    ChannelLogFile(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public void write(ByteBuffer[] parts, long position) throws IOException {
        if (channelPosition != position) {
            channel.position(position);
            channelPosition = position;
        }
        int first = 0;
        while (true) {
            while (first < parts.length && !parts[first].hasRemaining()) {
                first++;
            }
            if (first == parts.length) {
                return;
            }
            long written;
            try {
                written = channel.write(parts, first, parts.length - first);
            } catch (IOException e) {
                channelPosition = -1;
                throw e;
            }
            if (written <= 0) {
                channelPosition = -1;
                throw new IOException("the write made no progress");
            }
            channelPosition += written;
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        int total = 0;
        while (target.hasRemaining()) {
            int count = channel.read(target, position + total);
            if (count < 0) {
                break;
            }
            total += count;
        }
        return total;
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void truncate(long sizeBytes) throws IOException {
        channelPosition = -1;
        channel.truncate(sizeBytes);
    }

    @Override
    public long sizeBytes() throws IOException {
        return channel.size();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
