package io.kq.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A directory for one measurement, on the disk that {@code -Dkq.benchmark.directory} names, else
 * that of temporary files.
 */
record Scratch(Path directory) implements AutoCloseable {

    private static final String PROPERTY = "kq.benchmark.directory";

    static Scratch make() {
        try {
            Path parent =
                    Path.of(System.getProperty(PROPERTY, System.getProperty("java.io.tmpdir")));
            return new Scratch(Files.createTempDirectory(parent, "kq-benchmark."));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path resolve(String name) {
        return directory.resolve(name);
    }

    @Override
    public void close() {
        try {
            Files.walkFileTree(directory, new Deleting());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Deleting extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
        }
    }
}
