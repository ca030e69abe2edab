package io.kq.broker.partition.follower;

import io.kq.log.PartitionLog;

/** Work on the files of a follower's log. Any thread; never blocks. */
public interface FollowerFiles {

    /** Runs {@code work}, which may block, after all that was asked for before. */
    void run(Runnable work);

    /**
     * Deletes the log and begins an empty one. Blocking, in {@link #run} only.
     *
     * @throws io.kq.protocol.RejectedException DISK_FULL, STORAGE_FAULT: there may be no log now
     */
    PartitionLog restart(long startOffset);
}
