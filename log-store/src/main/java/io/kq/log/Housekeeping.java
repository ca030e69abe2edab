package io.kq.log;

import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The work of a directory that nobody waits for, and the fsyncs that somebody does. Two loops: the
 * flusher serves {@code flush=fsync} and must not stand behind the other, which writes the index,
 * syncs sealed segments and frees files. Timers run only while there is something to do, so idle
 * partitions cost nothing. Any thread.
 */
final class Housekeeping {

    /**
     * The threads of a store.
     *
     * @param flusher syncs for those who wait
     * @param background everything nobody waits for
     */
    record Loops(EventLoop flusher, EventLoop background) {

        void close() {
            flusher.close();
            background.close();
        }
    }

    private static final Duration INDEX_DELAY = Duration.ofSeconds(1);

    private final Loops loops;
    private final Duration syncInterval;
    private final long unsyncedBytesMax;

    /** Logs with batches that are not in the index yet. Guarded by this. */
    private final Set<ReplicaLog> toIndex = new LinkedHashSet<>();

    /** Logs with bytes that are not on the disk yet. Guarded by this. */
    private final Set<ReplicaLog> toSync = new LinkedHashSet<>();

    /** Run after each round of syncs. */
    private final Runnable afterSyncs;

    /** What the directory had taken in when it was last looked at. */
    private volatile long takenBytes;

    /** The same when the last round of syncs began. */
    private volatile long takenBytesAtRound;

    /** A round comes before its time. */
    private final AtomicBoolean roundIsEarly = new AtomicBoolean();

    Housekeeping(Loops loops, LogStoreConfig config, Runnable afterSyncs) {
        this.loops = loops;
        this.syncInterval = config.syncInterval();
        this.unsyncedBytesMax = config.unsyncedBytesMaxOfAll();
        this.afterSyncs = afterSyncs;
    }

    /** The log's index wants to be drained, soon. */
    void indexSoon(ReplicaLog log) {
        synchronized (this) {
            if (!toIndex.add(log) || toIndex.size() > 1) {
                return;
            }
        }
        loops.background().schedule(INDEX_DELAY, this::indexAll);
    }

    /** The log has bytes to sync at the next round. */
    void syncSoon(ReplicaLog log) {
        synchronized (this) {
            if (!toSync.add(log) || toSync.size() > 1) {
                return;
            }
        }
        loops.background().schedule(syncInterval, this::syncAll);
    }

    /**
     * The directory has taken in so many bytes by now. If they are many since the last round of
     * syncs, the next one comes at once: a start after a crash would have to read them all.
     */
    void taken(long bytes) {
        takenBytes = bytes;
        if (bytes - takenBytesAtRound > unsyncedBytesMax
                && roundIsEarly.compareAndSet(false, true)) {
            loops.background().submit(this::syncAll);
        }
    }

    /** Runs {@code task} for somebody who waits for a sync. */
    void flush(Runnable task) {
        loops.flusher().submit(task);
    }

    /** Runs {@code task} when the other work allows. */
    void later(Runnable task) {
        loops.background().submit(task);
    }

    /** Runs {@code task} in a while. */
    void later(Duration delay, Runnable task) {
        loops.background().schedule(delay, task);
    }

    private void indexAll() {
        taken(toIndex).forEach(ReplicaLog::drainIndex);
    }

    private void syncAll() {
        takenBytesAtRound = takenBytes;
        roundIsEarly.set(false);
        taken(toSync).forEach(ReplicaLog::syncInBackground);
        afterSyncs.run();
    }

    private synchronized List<ReplicaLog> taken(Set<ReplicaLog> from) {
        List<ReplicaLog> logs = new ArrayList<>(from);
        from.clear();
        return logs;
    }

    /** Ends both loops; what they have not begun is dropped. */
    void close() {
        loops.close();
    }
}
