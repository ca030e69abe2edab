package io.kq.log;

import io.kq.runtime.EventLoop;

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
