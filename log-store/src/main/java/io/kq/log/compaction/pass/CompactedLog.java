package io.kq.log.compaction.pass;

import io.kq.log.io.OpenFiles;
import io.kq.log.layout.Replacement;
import io.kq.log.segment.Segment;
import io.kq.log.segment.SegmentList;
import io.kq.protocol.RejectedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongPredicate;

/** What a pass of compaction may ask of the log that it works on. */
public interface CompactedLog {

    /** Where its files are. */
    Path directory();

    /** What opens them. */
    OpenFiles openFiles();

    /** Its segments now. */
    SegmentList segments();

    /**
     * Says, by its base offset, whether a producer may repeat a batch: now, or after a cut of all
     * that is not committed. Where that is not known any more, it may.
     *
     * @param endOffset of the segments that the pass writes anew: all of that is committed
     */
    LongPredicate rememberedBatches(long endOffset) throws IOException;

    /** False once what the pass has read proves nothing any more: the log was cut, or is closed. */
    boolean isCurrent();

    /** Whether the disk has room for so many bytes beside what is there. */
    boolean hasRoom(long bytes);

    /** A write of a new file failed; what to throw. */
    RejectedException writeFailed(Path file, IOException cause);

    /** Its fsync failed; what to throw. */
    RejectedException syncFailed(Path file, IOException cause);

    /**
     * Puts {@code compacted}, whose bytes are on the disk, in place of {@code replaced}.
     *
     * @return false if these are not all in the log any more, or it is not current: nothing was
     *     changed
     */
    boolean replace(Replacement replacement, List<Segment> replaced, Segment compacted);
}
