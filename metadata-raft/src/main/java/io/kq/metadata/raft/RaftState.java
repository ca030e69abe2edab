package io.kq.metadata.raft;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What the entries of a Raft group add up to. Changed on the thread of Ratis that applies entries,
 * in the order of the log; knows nothing of Ratis.
 */
interface RaftState {

    /** For logs and for people, such as "metadata". */
    String name();

    /**
     * Applies an entry.
     *
     * @return whether it was without effect, since it was decided in another term
     * @throws RuntimeException the entry cannot be applied: the process must end
     */
    boolean apply(ByteBuffer entry, long index, long term);

    /** The newest entry that was applied, -1: none. */
    long appliedIndex();

    /**
     * Becomes what a snapshot holds, instead of what it was.
     *
     * @throws IOException damaged or of another format
     */
    void load(Path snapshot) throws IOException;

    /** What it is now, to be written beside what is applied next. */
    Snapshot capture();

    /** A state that does not change any more. Any thread. */
    @FunctionalInterface
    interface Snapshot {

        /** Writes it so that a crash leaves none or the whole. Blocking. */
        void write(Path file) throws IOException;
    }
}
