package io.kq.log;

import io.kq.log.compaction.CompactionMeans;
import io.kq.log.compaction.CompactionPolicy;
import io.kq.log.compaction.CompactionReport;
import io.kq.log.compaction.DirtyRange;
import io.kq.log.recovery.Damage;
import io.kq.log.recovery.RecoveryReport;
import io.kq.log.retention.RetentionPolicy;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.record.BatchBytes;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The log of one partition replica: batches at consecutive offsets. {@link #append}, {@link
 * #appendAsFollower}, {@link #beginAt} and {@link #truncateTo} run under the lock of the caller
 * that owns the partition; everything else on any thread at any time, also beside an append.
 */
public interface PartitionLog {

    TopicIdPartition partition();

    /** Offset of the first record that still exists. */
    long logStartOffset();

    /** Offset that the next record gets (exclusive end). */
    long logEndOffset();

    /** Epoch of the last batch, -1 if there is none. */
    int lastLeaderEpoch();

    /** Bytes of all segments. */
    long sizeBytes();

    /** What was found and done when this log was opened. */
    RecoveryReport recovery();

    /**
     * What was found damaged in this log since it was opened: it takes no more appends, and after a
     * restart it is not opened any more, until it is fetched anew. What is whole can still be read.
     * Empty: nothing.
     */
    Optional<Damage> damage();

    /**
     * Whether it takes appends now: it is open and whole, and its directory takes writes. Never
     * blocks.
     */
    boolean isWritable();

    /** Takes new settings; they hold from the next append on. */
    void configure(LogConfig config);

    /**
     * Checks a batch (structure, CRC, size, producer sequence), stamps offset and leader epoch, and
     * writes it to the active segment. A retry of one of the producer's last five batches is
     * answered with the offsets it got then, and nothing is written. It is in the page cache when
     * this returns; {@link #whenDurable} tells when it is on the disk.
     *
     * @param batch valid during the call only
     * @param nowMillis wall clock, for rolling by time and producer expiry
     * @throws io.kq.protocol.RejectedException CORRUPT_BATCH, MESSAGE_TOO_LARGE,
     *     UNSUPPORTED_COMPRESSION, OUT_OF_ORDER_SEQUENCE, FENCED_PRODUCER_EPOCH,
     *     FENCED_LEADER_EPOCH, INVALID_ARGUMENT, DISK_FULL, STORAGE_FAULT; nothing was appended
     */
    AppendOutcome append(BatchBytes batch, int leaderEpoch, long nowMillis);

    /**
     * Appends a batch as the leader stamped it: offset, epoch and bytes stay, the producer's
     * sequence is remembered without being judged. A batch that only stands for offsets without
     * records may begin before the log's end: the part behind it is appended.
     *
     * @param batch valid during the call only
     * @throws io.kq.protocol.RejectedException CORRUPT_BATCH, OFFSET_OUT_OF_RANGE if it does not
     *     follow the log end, FENCED_LEADER_EPOCH if its epoch is older than the last one's,
     *     DISK_FULL, STORAGE_FAULT; nothing was appended
     */
    AppendOutcome appendAsFollower(BatchBytes batch, long nowMillis);

    /**
     * Begins an empty log at an offset other than its end, for a follower whose leader has nothing
     * of before. Durable when this returns; after a crash it begins there or where it did.
     * Blocking.
     *
     * @throws io.kq.protocol.RejectedException OFFSET_OUT_OF_RANGE if the log is not empty, or ends
     *     after it; STORAGE_FAULT, DISK_FULL
     */
    void beginAt(long startOffset);

    /**
     * Whole batches from the one that contains {@code fromOffset}, up to {@code maxBytes} but at
     * least one batch, none of which ends after {@code upperBound}. Empty if {@code fromOffset >=
     * upperBound}. May end earlier than the bounds ask, at the end of a segment for example. Looks
     * into files, so it may block unless {@link #isHot}.
     *
     * @param upperBound exclusive: the high watermark for consumers, the log end for replicas
     * @throws io.kq.protocol.RejectedException OFFSET_OUT_OF_RANGE (metadata log_start, log_end),
     *     STORAGE_FAULT
     */
    LogSlice read(long fromOffset, long upperBound, int maxBytes);

    /**
     * Whether {@link #read} from this offset finds everything in memory and page cache: it was
     * appended a short while ago, or there is nothing yet. Never blocks.
     */
    boolean isHot(long fromOffset);

    /**
     * The first record at or after {@code timestampMillis} and below {@code upperBound}; the
     * record, not its batch. Blocking.
     */
    Optional<TimestampAndOffset> findByTimestamp(long timestampMillis, long upperBound);

    /**
     * The end of {@code leaderEpoch} in this log, for truncation by epochs (KIP-101, KIP-279): the
     * largest epoch here that is not larger than it, and the offset at which that epoch ends. Epoch
     * -1 with the log start if all epochs here are larger.
     */
    EpochEnd endOffsetForEpoch(int leaderEpoch);

    /**
     * Cuts everything from {@code endOffset} on, which must be the start of a batch or the log end;
     * nothing if the log ends before it. Where compaction left no record, it cuts from the start of
     * the batch that stands for the offset. Blocking.
     *
     * @throws io.kq.protocol.RejectedException STORAGE_FAULT, INVALID_ARGUMENT if it is inside a
     *     batch
     */
    void truncateTo(long endOffset);

    /**
     * Deletes the oldest segments as far as {@code policy} says, and moves the log start to what is
     * left. A segment may stay a while longer, until what it tells of producers is kept elsewhere.
     * A crash at any point leaves the log as it was or as it is after. Blocking; also beside
     * appends.
     *
     * @param upperBound the high watermark: nothing above it goes
     * @param nowMillis wall clock
     * @return the log start
     * @throws io.kq.protocol.RejectedException STORAGE_FAULT, DISK_FULL: the log start did not move
     */
    long retain(RetentionPolicy policy, long upperBound, long nowMillis);

    /**
     * Moves the log start to {@code beforeOffset}, durably, and deletes the segments wholly below.
     * Does nothing if it is there or higher already. Blocking; also beside appends.
     *
     * @param beforeOffset at most the high watermark, which the caller sees to
     * @return the log start
     * @throws io.kq.protocol.RejectedException OFFSET_OUT_OF_RANGE above the log end;
     *     STORAGE_FAULT, DISK_FULL: the log start did not move
     */
    long deleteRecords(long beforeOffset);

    /**
     * What {@link #compact} would look at now; empty if it is not worth it yet. May read from files
     * where the policy depends on the time of records.
     *
     * @param upperBound the high watermark
     * @param nowMillis wall clock
     */
    Optional<DirtyRange> dirtyRange(CompactionPolicy policy, long upperBound, long nowMillis);

    /**
     * Removes records that a later one with the same key supersedes, and tombstones whose time is
     * over, from sealed segments. Offsets, order, leader epochs and what is known of producers
     * stay; offsets of which no record is left are covered by batches without records. A crash at
     * any point leaves each segment as it was or as it is after. Blocking, for as long as the
     * throttle wants; also beside appends. One pass at a time: another waits for it.
     *
     * @param upperBound the high watermark: no record is looked at that is not below it
     * @param nowMillis wall clock
     * @return what was done; empty if it was not worth it
     * @throws io.kq.protocol.RejectedException STORAGE_FAULT; DISK_FULL if there is no room for new
     *     segments beside those that they replace
     */
    Optional<CompactionReport> compact(
            CompactionPolicy policy, CompactionMeans means, long upperBound, long nowMillis);

    /**
     * Everything below is on the disk: survives a power cut. Never above the log end. Moved by the
     * store's own threads.
     */
    long durableEndOffset();

    /**
     * Completes when {@link #durableEndOffset} has reached {@code endOffset}, on the store's
     * flusher thread, or at once if it has already. One fsync serves all who wait. Fails with a
     * {@link io.kq.protocol.RejectedException} (STORAGE_FAULT, not definite) if the fsync failed or
     * the log was deleted: the records may or may not survive, and the directory takes no more
     * writes. Never blocks.
     */
    CompletableFuture<Void> whenDurable(long endOffset);

    /** Makes all that was appended durable. Blocking. */
    void flush();

    /**
     * What an append did.
     *
     * @param baseOffset of the batch's first record
     * @param nextOffset after its last record
     * @param duplicate it had been appended before; nothing was written
     */
    record AppendOutcome(long baseOffset, long nextOffset, boolean duplicate) {}

    /** A record's place in time and in the log. */
    record TimestampAndOffset(long timestampMillis, long offset) {}

    /**
     * Where an epoch ends.
     *
     * @param leaderEpoch -1: none
     * @param endOffset exclusive
     */
    record EpochEnd(int leaderEpoch, long endOffset) {}
}
