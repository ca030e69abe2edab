package io.kq.runtime;

/**
 * Told of faults that no caller can be answered with: a broken disk, a bug in a loop. Any thread.
 * What follows (a directory goes offline, the process halts) is the handler's choice, made once in
 * the composition root.
 */
@FunctionalInterface
public interface FaultHandler {

    /**
     * Reports a fault.
     *
     * @param where the room and object, for example {@code "log directory /data/0"}
     */
    void onFault(String where, Throwable cause);
}
