package io.kq.broker.rpc;

/** How full this node's disk is. Any thread; asks the file system, which is quick. */
public interface DiskUse {

    /** Bytes of all segments here. */
    long usedBytes();

    /** Bytes that the file system of the data directory still has; -1: it does not say. */
    long freeBytes();
}
