package io.kq.broker;

import io.kq.runtime.FaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at a fault that nobody can be answered with: a bug in a loop, or a voter that
 * cannot go on. Halts without shutdown hooks, because what they would write may be wrong by now; a
 * start after it recovers as after a kill.
 */
final class HaltingFaults implements FaultHandler {

    private static final Logger log = LoggerFactory.getLogger(HaltingFaults.class);

    /** EX_SOFTWARE of sysexits.h. */
    static final int EXIT_FAULT = 70;

    @Override
    public void onFault(String where, Throwable cause) {
        try {
            log.error("Halting: a fault that cannot be answered where={}", where, cause);
        } finally {
            Runtime.getRuntime().halt(EXIT_FAULT);
        }
    }
}
