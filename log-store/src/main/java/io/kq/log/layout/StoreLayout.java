package io.kq.log.layout;

import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Where things are in a data directory.
 *
 * @param root the data directory
 */
public record StoreLayout(Path root) {

    private static final String DELETED_SUFFIX = ".deleted";
    private static final int UUID_LENGTH = 36;

    /** Holds one directory per partition. */
    public Path partitions() {
        return root.resolve("partitions");
    }

    /** RocksDB's own directory. */
    public Path index() {
        return root.resolve("index");
    }

    /** Log starts and recovery points of all partitions. */
    public Path checkpoint() {
        return root.resolve("checkpoint");
    }

    /** There only after a stop in good order. */
    public Path cleanMarker() {
        return root.resolve("clean-shutdown");
    }

    /** A partition's directory. */
    public Path directoryOf(TopicIdPartition partition) {
        return partitions().resolve(partition.topicId() + "-" + partition.partition());
    }

    /** The partition whose directory is called {@code name}, empty for any other name. */
    public static Optional<TopicIdPartition> parse(String name) {
        if (name.length() < UUID_LENGTH + 2 || name.charAt(UUID_LENGTH) != '-') {
            return Optional.empty();
        }
        try {
            TopicIdPartition partition =
                    new TopicIdPartition(
                            UUID.fromString(name.substring(0, UUID_LENGTH)),
                            Integer.parseInt(name.substring(UUID_LENGTH + 1)));
            return partition.toString().equals(name) ? Optional.of(partition) : Optional.empty();
        } catch (IllegalArgumentException notAPartition) {
            return Optional.empty();
        }
    }

    /** Partitions that have a directory, sorted by name. */
    public List<TopicIdPartition> listPartitions() throws IOException {
        return entries(partitions()).stream()
                .map(StoreLayout::nameOf)
                .sorted()
                .flatMap(name -> parse(name).stream())
                .toList();
    }

    /** Directories that were given up and whose files wait to be freed. */
    public List<Path> listDeleted() throws IOException {
        return entries(partitions()).stream()
                .filter(entry -> nameOf(entry).endsWith(DELETED_SUFFIX))
                .toList();
    }

    /** A name under which a partition's directory is given up; none is there yet. */
    public Path nameForDeletion(TopicIdPartition partition) {
        for (int attempt = 0; ; attempt++) {
            Path candidate = partitions().resolve(partition + "." + attempt + DELETED_SUFFIX);
            if (!Files.exists(candidate)) {
                return candidate;
            }
        }
    }

    /** What is directly in {@code directory}; nothing if it does not exist. */
    public static List<Path> entries(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    /** The last part of a path. */
    public static String nameOf(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }
}
