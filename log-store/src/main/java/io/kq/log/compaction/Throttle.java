package io.kq.log.compaction;

/** Holds back work on the disk so that others get their share of it. */
@FunctionalInterface
public interface Throttle {

    /** So many bytes were read or written: blocks for as long as that was too fast. */
    void took(long bytes);
}
