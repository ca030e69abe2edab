package io.kq.log.io;

import io.kq.runtime.io.DurableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files behind file channels. */
final class DiskLogFiles implements LogFiles {

    @Override
    public LogFile create(Path file) throws IOException {
        return new ChannelLogFile(
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    @Override
    public LogFile open(Path file) throws IOException {
        return new ChannelLogFile(
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public LogFile openReadOnly(Path file) throws IOException {
        return new ChannelLogFile(FileChannel.open(file, StandardOpenOption.READ));
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory);
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        DurableFile.syncDirectory(directory);
    }
}
