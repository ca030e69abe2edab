package io.kq.log.producer;

import io.kq.log.io.LogFiles;
import io.kq.log.layout.OffsetFileName;
import io.kq.log.layout.StoreLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The snapshots of one partition: a file per segment start, and one at the end of a log that was
 * stopped in good order. A snapshot is written only once the batches it accounts for are on the
 * disk, so a whole one also proves how far they are. Blocking; one writer at a time.
 *
 * @param files through which they are changed
 * @param directory the partition's
 */
public record ProducerSnapshotFiles(LogFiles files, Path directory) {

    /** Offsets for which there is a file, ascending; it may turn out not to be whole. */
    public List<Long> offsets() throws IOException {
        return StoreLayout.entries(directory).stream()
                .map(path -> OffsetFileName.PRODUCERS.parse(StoreLayout.nameOf(path)))
                .filter(OptionalLong::isPresent)
                .map(OptionalLong::getAsLong)
                .sorted()
                .toList();
    }

    /** The snapshot of that offset; empty if there is none or it is not whole. */
    public Optional<ProducerSnapshot> read(long offset) throws IOException {
        try {
            return ProducerSnapshotCodec.decode(Files.readAllBytes(file(offset)))
                    .filter(snapshot -> snapshot.offset() == offset);
        } catch (NoSuchFileException missing) {
            return Optional.empty();
        }
    }

    /** Writes a snapshot durably. */
    public void write(ProducerSnapshot snapshot) throws IOException {
        files.replace(file(snapshot.offset()), ProducerSnapshotCodec.encode(snapshot));
    }

    /** Deletes all snapshots but those of {@code kept}. */
    public void retain(Set<Long> kept) throws IOException {
        for (long offset : offsets()) {
            if (!kept.contains(offset)) {
                files.delete(file(offset));
            }
        }
    }

    /** Deletes the snapshots of offsets below {@code startOffset}: those segments are gone. */
    public void deleteBelow(long startOffset) throws IOException {
        for (long offset : offsets()) {
            if (offset < startOffset) {
                files.delete(file(offset));
            }
        }
    }

    /** Deletes the snapshots of offsets above {@code endOffset}, durably: the log was cut. */
    public void deleteAbove(long endOffset) throws IOException {
        for (long offset : offsets()) {
            if (offset > endOffset) {
                files.deleteDurably(file(offset));
            }
        }
    }

    private Path file(long offset) {
        return directory.resolve(OffsetFileName.PRODUCERS.of(offset));
    }
}
