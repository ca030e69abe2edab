package io.kq.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kq.runtime.io.DurableFile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code running.properties} in the data directory: what a running node is and where its ports
 * really are, for whoever started it; and on which boot of the machine it runs, for the start that
 * follows a kill. Gone when the node has stopped in good order.
 */
final class RunningFile {

    private static final Logger LOG = LoggerFactory.getLogger(RunningFile.class);

    static final String NAME = "running.properties";

    /** Set by tests of power cuts: a machine that lost its page cache has another boot id. */
    static final String BOOT_ID_PROPERTY = "kq.boot.id";

    private static final String BOOT_ID_KEY = "boot.id";
    private static final String LOSS_KEY = "disk.failed";
    private static final Path LINUX_BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final Path file;
    private final Optional<String> bootId;
    private final Map<String, String> facts = new TreeMap<>();

    RunningFile(Path directory) {
        this.file = directory.resolve(NAME);
        this.bootId = currentBootId();
        facts.put("pid", Long.toString(ProcessHandle.current().pid()));
        bootId.ifPresent(id -> facts.put(BOOT_ID_KEY, id));
    }

    /**
     * Whether the process before this one ended on the same boot of the machine: then all it wrote
     * is still there, synced or not, however it ended (KIP-966 calls the other case an unclean
     * shutdown). False where the system has no boot id, and after a disk failed. To be asked before
     * the first write.
     */
    boolean isSameBoot() {
        return bootId.isPresent()
                && bootId.equals(Optional.ofNullable(read(BOOT_ID_KEY)))
                && read(LOSS_KEY) == null;
    }

    /** A disk failed, so what this process wrote may be gone on the same boot too. */
    void noteLoss() {
        try {
            put(Map.of(LOSS_KEY, "true"));
        } catch (UncheckedIOException e) {
            LOG.warn("Could not note that a disk failed file={}", file, e);
        }
    }

    /** Adds a fact and writes all. Durable when it returns. */
    synchronized void put(Map<String, String> more) {
        facts.putAll(more);
        StringBuilder text = new StringBuilder();
        facts.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        try {
            DurableFile.replace(file, text.toString().getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete() throws IOException {
        DurableFile.delete(file);
    }

    private @Nullable String read(String key) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException notThereOrDamaged) {
            return null;
        }
        return properties.getProperty(key);
    }

    private static Optional<String> currentBootId() {
        String injected = System.getProperty(BOOT_ID_PROPERTY);
        if (injected != null) {
            return Optional.of(injected);
        }
        try {
            return Optional.of(Files.readString(LINUX_BOOT_ID, UTF_8).strip());
        } catch (IOException noSuchThing) {
            return Optional.empty();
        }
    }
}
