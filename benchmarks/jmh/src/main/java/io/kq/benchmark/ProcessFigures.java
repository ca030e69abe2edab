package io.kq.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * What this process has and has used, as Linux tells it.
 *
 * @param heapBytes used by objects, garbage included
 * @param residentBytes of the whole process
 * @param cpu of all threads since it began
 * @param diskReadBytes that came from a disk and not from the page cache
 */
record ProcessFigures(
        long heapBytes,
        long residentBytes,
        int openFiles,
        int threads,
        Duration cpu,
        long diskReadBytes) {

    private static final Path SELF = Path.of("/proc/self");

    static ProcessFigures now() throws IOException {
        return new ProcessFigures(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                field("status", "VmRSS:") << 10,
                count("fd"),
                count("task"),
                ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO),
                field("io", "read_bytes:"));
    }

    private static long field(String file, String name) throws IOException {
        for (String line : Files.readAllLines(SELF.resolve(file), StandardCharsets.US_ASCII)) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
            }
        }
        throw new IOException("no " + name + " in " + file);
    }

    private static int count(String directory) throws IOException {
        try (Stream<Path> entries = Files.list(SELF.resolve(directory))) {
            return (int) entries.count();
        }
    }
}
