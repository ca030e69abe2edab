package io.kq.client.rpc;

/** How sockets are driven. */
public enum Transport {
    /** By the JDK: nothing to load, so the cheapest for a process that makes one call. */
    NIO,
    /** By epoll where it is available, else as {@link #NIO}. */
    NATIVE
}
