package io.kq.log.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frees the files of partitions that were deleted. Background thread. */
public final class DeletedDirectories {

    private static final Logger LOG = LoggerFactory.getLogger(DeletedDirectories.class);

    private DeletedDirectories() {}

    /** Deletes a directory that was renamed for it; what fails is tried again at the next start. */
    public static void free(Path directory) {
        try {
            for (Path file : StoreLayout.entries(directory)) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            LOG.warn("Freeing a deleted partition failed directory={}", directory, e);
        }
    }
}
