package io.kq.cli.dev;

import io.kq.cli.shell.CommandFailure;
import io.kq.cli.shell.ExitCode;
import io.kq.runtime.io.DirectoryLock;
import io.kq.runtime.io.DurableFile;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one dev cluster, held by one {@code kq dev} at a time. {@code dev.properties}
 * marks it, remembers the cluster's shape and tells scripts the process ids and ports of the
 * current run. One thread.
 *
 * <p>Deletes nothing but what {@code kq dev} made: {@code node-<i>} directories beside that mark.
 */
final class DevDirectory implements AutoCloseable {

    static final String MARK = "dev.properties";

    private static final Pattern NODE_DIRECTORY = Pattern.compile("node-\\d+");

    private static final Pattern NODE_PID = Pattern.compile("node\\.\\d+\\.pid");

    private static final Duration FORMER_NODE_BOUND = Duration.ofSeconds(10);

    private static final String LOCK = ".lock";

    private final Path directory;
    private final DirectoryLock lock;

    private DevDirectory(Path directory, DirectoryLock lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes {@code directory} for this process, making it if it is not there. Refuses one that
     * holds anything else, and one that another {@code kq dev} runs on.
     */
    static DevDirectory open(Path directory) throws IOException {
        if (!isOurs(directory)) {
            throw refused(
                            "FOREIGN_DIRECTORY",
                            directory + " holds something else: it has no " + MARK + ".")
                    .next("choose a new or empty directory with --data DIR");
        }
        Optional<DirectoryLock> lock = DirectoryLock.tryTake(directory);
        if (lock.isEmpty()) {
            throw refused("ALREADY_RUNNING", "Another kq dev runs on " + directory + ".")
                    .next("use that one, or stop it with Ctrl-C where it runs")
                    .next("for a second cluster: kq dev --data DIR --port-base PORT");
        }
        return new DevDirectory(directory, lock.get());
    }

    Path path() {
        return directory;
    }

    /** The cluster whose data is here; empty: none was made yet. */
    Optional<DevState> state() throws IOException {
        Properties properties = read();
        if (properties.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new DevState(
                        number(properties, "brokers"),
                        number(properties, "voters"),
                        number(properties, "port.base")));
    }

    /**
     * Writes the mark.
     *
     * @param facts of the current run, for scripts
     */
    void remember(DevState state, Map<String, String> facts) throws IOException {
        Map<String, String> all = new TreeMap<>(facts);
        all.put("brokers", Integer.toString(state.brokers()));
        all.put("voters", Integer.toString(state.voters()));
        all.put("port.base", Integer.toString(state.portBase()));
        StringBuilder text = new StringBuilder("# A cluster of `kq dev`; written at each start.\n");
        all.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        DurableFile.replace(
                directory.resolve(MARK), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Waits for the nodes of a {@code kq dev} that was killed: their stdin closed with it, so they
     * are stopping. A process that goes on (or another one that got the same id) is not waited for
     * long; what it still holds is refused later, by name.
     */
    void awaitFormerNodes() throws IOException, InterruptedException {
        for (ProcessHandle process : formerNodes()) {
            try {
                process.onExit().get(FORMER_NODE_BOUND.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return;
            }
        }
    }

    /** Deletes the cluster's data; answers how many nodes' directories there were. */
    int deleteCluster() throws IOException {
        List<Path> nodes = nodeDirectories();
        for (Path node : nodes) {
            deleteTree(node);
        }
        DurableFile.delete(directory.resolve(MARK));
        return nodes.size();
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private List<Path> nodeDirectories() throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(DevDirectory::isNodeDirectory).sorted().toList();
        }
    }

    private static boolean isNodeDirectory(Path path) {
        return NODE_DIRECTORY.matcher(path.getFileName().toString()).matches();
    }

    private static boolean isOurs(Path directory) throws IOException {
        if (!Files.exists(directory) || Files.exists(directory.resolve(MARK))) {
            return true;
        }
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .allMatch(DevDirectory::isLeftOfABirth);
        }
    }

    /** A first start that ended before there was a mark, for want of space say, leaves these. */
    private static boolean isLeftOfABirth(String name) {
        return name.equals(LOCK) || name.equals(DurableFile.unfinished(MARK));
    }

    /** The mark's content; empty if there is none. */
    private Properties read() throws IOException {
        Properties properties = new Properties();
        Path mark = directory.resolve(MARK);
        if (Files.exists(mark)) {
            try (Reader reader = Files.newBufferedReader(mark, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
        }
        return properties;
    }

    private List<ProcessHandle> formerNodes() throws IOException {
        Properties properties = read();
        return properties.stringPropertyNames().stream()
                .filter(key -> NODE_PID.matcher(key).matches())
                .map(key -> ProcessHandle.of(number(properties, key)))
                .flatMap(Optional::stream)
                .toList();
    }

    private int number(Properties properties, String key) {
        String text = properties.getProperty(key, "");
        try {
            return Integer.parseInt(text.trim());
        } catch (NumberFormatException e) {
            throw refused(
                            "DAMAGED_DIRECTORY",
                            directory.resolve(MARK) + ": " + key + " is no number: '" + text + "'.")
                    .next("restore the line, or choose another directory with --data DIR");
        }
    }

    private static CommandFailure refused(String reason, String message) {
        return CommandFailure.local(reason, message, null).withExitCode(ExitCode.PRECONDITION);
    }

    /** Links are removed, not followed. */
    private static void deleteTree(Path root) throws IOException {
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
