package io.kq.log;

import io.kq.log.io.StorageFaultException;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.segment.LogContents;
import io.kq.log.segment.LogTail;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The start of a log at which it shrinks. In this order, so that a crash anywhere leaves what the
 * next opening can finish: the recovery point moves on to the log's end; the new start is written
 * down durably; it is published to readers; the files go, oldest first. One change at a time, with
 * syncs held off and appends going on. Any thread, blocking.
 */
final class LogHead {

    private static final Logger LOG = LoggerFactory.getLogger(LogHead.class);

    private final Path directory;
    private final StoreServices services;
    private final LogContents contents;
    private final SegmentChoice choice;
    private final LogWriter writer;
    private final LogSyncer syncer;
    private final ReplicaLog.Checkpointing checkpointing;

    LogHead(
            Path directory,
            StoreServices services,
            LogContents contents,
            SegmentChoice choice,
            LogWriter writer,
            LogSyncer syncer,
            ReplicaLog.Checkpointing checkpointing) {
        this.directory = directory;
        this.services = services;
        this.contents = contents;
        this.choice = choice;
        this.writer = writer;
        this.syncer = syncer;
        this.checkpointing = checkpointing;
    }

    /** {@link PartitionLog#retain} */
    long retain(RetentionPolicy policy, long upperBound, long nowMillis) {
        exclusively(() -> deleteOldest(policy, upperBound, nowMillis));
        return contents.logStartOffset();
    }

    /** {@link PartitionLog#deleteRecords} */
    long deleteRecords(long beforeOffset) {
        exclusively(
                () -> {
                    long start = contents.logStartOffset();
                    long end = contents.tail().endOffset();
                    if (beforeOffset > end) {
                        throw LogReader.outOfRange(beforeOffset, start, end);
                    }
                    if (beforeOffset > start) {
                        moveTo(beforeOffset);
                    }
                });
        return contents.logStartOffset();
    }

    private void exclusively(LogSyncer.Work work) {
        try {
            syncer.exclusively(work);
        } catch (IOException e) {
            throw services.disk().failed(StorageFaultException.of("delete in", directory, e));
        }
    }

    private void deleteOldest(RetentionPolicy policy, long upperBound, long nowMillis)
            throws IOException {
        LogTail tail = contents.tail();
        SegmentList segments = contents.segments();
        int count = choice.countToDelete(policy, segments, tail.endOffset(), upperBound, nowMillis);
        if (count > 0 && count == segments.all().size() && !rolled(tail, nowMillis)) {
            count--;
        }
        count = withProducersKept(contents.segments(), count);
        if (count > 0) {
            long kept = contents.segments().all().get(count).baseOffset();
            moveTo(Math.max(kept, contents.logStartOffset()));
        }
    }

    /**
     * Begins an empty segment in place of one that goes whole. False if that is not possible now:
     * something was appended meanwhile, or the disk takes nothing.
     */
    private boolean rolled(LogTail tail, long nowMillis) throws IOException {
        try {
            Optional<LogWriter.Roll> roll = writer.rollAt(tail.endOffset(), nowMillis);
            if (roll.isPresent()) {
                syncer.syncAndKeep(roll.get());
            }
            return roll.isPresent();
        } catch (RejectedException e) {
            LOG.debug("The active segment stays directory={}", directory, e);
            return false;
        }
    }

    /** The first segment that stays has to tell which producers there were before it. */
    private int withProducersKept(SegmentList segments, int wanted) throws IOException {
        int count = wanted;
        while (count > 0 && !syncer.keepsProducersAt(segments.all().get(count).baseOffset())) {
            count--;
        }
        return count;
    }

    private void moveTo(long logStartOffset) throws IOException {
        syncer.sync();
        syncer.startsAt(logStartOffset);
        try {
            checkpointing.write();
        } catch (IOException e) {
            syncer.startsAt(contents.logStartOffset());
            throw e;
        }
        SegmentList before = contents.segments();
        int count = withProducersKept(before, wholeSegmentsBelow(logStartOffset, before));
        writer.dropFirst(count, logStartOffset);
        if (count > 0) {
            free(before.all().subList(0, count), before.all().get(count).baseOffset());
        }
        LOG.info(
                "Log starts later directory={} logStartOffset={} segmentsDeleted={}",
                directory,
                logStartOffset,
                count);
    }

    private static int wholeSegmentsBelow(long logStartOffset, SegmentList segments) {
        return Math.max(0, segments.floorIndex(logStartOffset));
    }

    /** What fails here is done at the next opening: nothing of it can be read any more. */
    private void free(List<Segment> gone, long firstKept) {
        writer.forgetIndexBelow(firstKept);
        try {
            for (Segment segment : gone) {
                segment.file().discard();
                services.openFiles().files().delete(segment.path());
            }
            syncer.forgetBelow(firstKept);
        } catch (IOException e) {
            LOG.warn("Deleted segments are still on the disk directory={}", directory, e);
        }
    }
}
