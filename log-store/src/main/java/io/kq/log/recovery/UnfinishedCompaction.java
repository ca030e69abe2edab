package io.kq.log.recovery;

import io.kq.log.io.LogFiles;
import io.kq.log.layout.Replacement;
import io.kq.log.layout.SegmentName;
import io.kq.log.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What compaction was about when the last process ended: undone, or finished once it counts. */
final class UnfinishedCompaction {

    private UnfinishedCompaction() {}

    /** Before anybody looks at the segments in {@code directory}. */
    static void finish(LogFiles files, Path directory) throws IOException {
        List<Path> entries = StoreLayout.entries(directory);
        for (Path entry : entries) {
            if (Replacement.isUnfinished(StoreLayout.nameOf(entry))) {
                files.delete(entry);
            }
        }
        for (Path entry : entries) {
            Optional<Replacement> swap = Replacement.parse(StoreLayout.nameOf(entry));
            if (swap.isPresent()) {
                deleteReplaced(files, entries, swap.get());
                files.syncDirectory(directory);
                files.rename(entry, directory.resolve(swap.get().segment().fileName()));
            }
        }
    }

    private static void deleteReplaced(LogFiles files, List<Path> entries, Replacement swap)
            throws IOException {
        for (Path entry : entries) {
            if (SegmentName.parse(StoreLayout.nameOf(entry)).filter(swap::replaces).isPresent()) {
                files.delete(entry);
            }
        }
    }
}
