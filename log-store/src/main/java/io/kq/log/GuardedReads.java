package io.kq.log;

import io.kq.log.io.StorageFaultException;
import io.kq.log.recovery.Damage;
import io.kq.log.recovery.DamageHandler;
import io.kq.log.recovery.DamagedLogException;
import io.kq.log.recovery.Quarantine;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.SegmentList;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands around everything that looks into a log's files: data that are not what they were known to
 * be put the replica into quarantine, and the reader gets a refusal instead of bytes. Any thread.
 */
final class GuardedReads {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedReads.class);

    private final TopicIdPartition partition;
    private final Path directory;
    private final LogContents contents;
    private final Quarantine quarantine;

    /** Ends appends with that answer. */
    private final Consumer<RejectedException> onQuarantine;

    /** Why there is nothing to read any more; null while open. */
    private volatile @Nullable RejectedException ended;

    /** Looks into files. */
    interface Look<T> {
        /**
         * Looks.
         *
         * @param damages for what is looked at later
         */
        T into(DamageHandler damages) throws IOException;
    }

    GuardedReads(
            TopicIdPartition partition,
            Path directory,
            LogContents contents,
            Quarantine quarantine,
            Consumer<RejectedException> onQuarantine) {
        this.partition = partition;
        this.directory = directory;
        this.contents = contents;
        this.quarantine = quarantine;
        this.onQuarantine = onQuarantine;
    }

    /** What {@code look} finds. */
    <T> T looking(Look<T> look) {
        int cuts = contents.cutCount();
        DamageHandler damages = damage -> damaged(damage, cuts);
        while (true) {
            SegmentList seen = contents.segments();
            try {
                return look.into(damages);
            } catch (DamagedLogException e) {
                throw damages.onDamage(e.damage());
            } catch (IOException e) {
                if (!wasDeletedMeanwhile(e, seen)) {
                    throw failed(e, damages);
                }
            }
        }
    }

    /** The file went by retention while it was looked for; a second look sees the new start. */
    private boolean wasDeletedMeanwhile(IOException cause, SegmentList seen) {
        return cause instanceof NoSuchFileException missing
                && ended == null
                && !contents.segments().equals(seen)
                && !isPartOfLog(Path.of(missing.getFile()));
    }

    private boolean isPartOfLog(Path file) {
        return contents.segments().all().stream().anyMatch(s -> s.path().equals(file));
    }

    /** The same for damage that somebody met who holds off cuts. */
    RejectedException damaged(Damage damage) {
        return damaged(damage, contents.cutCount());
    }

    /** What was read beside a cut, or after the end, proves nothing. */
    private RejectedException damaged(Damage damage, int cutsBefore) {
        RejectedException why = ended;
        if (why != null) {
            return why;
        }
        if (contents.cutCount() != cutsBefore || contents.isBeingCut()) {
            return new RejectedException(
                    ErrorCode.STORAGE_FAULT,
                    "the log of " + partition + " was cut while it was read");
        }
        RejectedException refusal = quarantine.enter(partition, directory, damage);
        onQuarantine.accept(refusal);
        return refusal;
    }

    private RejectedException failed(IOException cause, DamageHandler damages) {
        if (cause instanceof NoSuchFileException missing) {
            RejectedException why = ended;
            if (why != null) {
                return why;
            }
            Path file = Path.of(missing.getFile());
            if (isPartOfLog(file)) {
                return damages.onDamage(new Damage(file, 0, "expected a segment file, found none"));
            }
        }
        LOG.error("Read failed partition={} directory={}", partition, directory, cause);
        return new RejectedException(
                ErrorCode.STORAGE_FAULT,
                StorageFaultException.of("read in", directory, cause).getMessage());
    }

    /** Nothing is read any more. */
    void end(RejectedException answer) {
        ended = answer;
    }
}
