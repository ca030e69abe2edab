package io.kq.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.CRC32C;

/**
 * What a log is measured against: the CRC of each batch, and a write of it to a file channel.
 * Begins new files as the log does, and has what is in a full one synced by another thread.
 */
final class BareLoop implements AutoCloseable {

    private final Path directory;
    private final long fileBytes;
    private final boolean syncs;
    private final ExecutorService syncer = Executors.newSingleThreadExecutor();
    private final List<FileChannel> files = new ArrayList<>();
    private long written;

    /**
     * Begins the first file.
     *
     * @param fileBytes a file does not grow over this
     */
    BareLoop(Path directory, long fileBytes, boolean syncs) throws IOException {
        this.directory = Files.createDirectories(directory);
        this.fileBytes = fileBytes;
        this.syncs = syncs;
        begin();
    }

    private FileChannel begin() throws IOException {
        FileChannel file =
                FileChannel.open(
                        directory.resolve(Integer.toString(files.size())),
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        files.add(file);
        written = 0;
        return file;
    }

    /** Appends one batch; answers its CRC. */
    long append(ByteBuffer batch) throws IOException {
        CRC32C crc = new CRC32C();
        crc.update(batch.duplicate());
        FileChannel file = files.get(files.size() - 1);
        if (written + batch.remaining() > fileBytes) {
            syncLater(file);
            file = begin();
        }
        ByteBuffer rest = batch.duplicate();
        while (rest.hasRemaining()) {
            written += file.write(rest);
        }
        return crc.getValue();
    }

    private void syncLater(FileChannel full) {
        if (syncs) {
            syncer.execute(
                    () -> {
                        try {
                            full.force(false);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    @Override
    public void close() throws IOException {
        syncer.shutdown();
        while (!syncer.isTerminated()) {
            Thread.onSpinWait();
        }
        for (FileChannel file : files) {
            file.close();
        }
    }
}
