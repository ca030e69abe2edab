package io.kq.broker.partition;

import io.kq.protocol.RejectedException;

/**
 * Told when a partition has more to read, or has no leader here any more. Any thread, never under a
 * partition's lock; must be short and must not block.
 */
public interface PartitionWatcher {

    /** There is more to read than before. */
    void onAdvanced();

    /** The leader resigned; nothing more comes from it. */
    void onResigned(RejectedException reason);
}
