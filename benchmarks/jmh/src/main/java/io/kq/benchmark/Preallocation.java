package io.kq.benchmark;

/** What can be done to a file before the first append. Public for JMH's generated code. */
public enum Preallocation {
    /** Nothing: it grows with each append. */
    NONE,
    /** It gets its length, and no blocks: all that Java has for it. */
    LENGTH,
    /** It gets its length and blocks that read as zeros, by the system's {@code fallocate} tool. */
    FALLOCATE,
    /** Zeros are written to it and synced. */
    ZEROS
}
