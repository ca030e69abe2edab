package io.kq.system.harness;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports that nothing listens on, from below the ephemeral range: inside it a client that retries
 * can connect to itself and so take the port from the server that comes back.
 */
final class FreePorts {

    private static final int FIRST = 15_000;
    private static final int LAST = 31_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger(new SplittableRandom().nextInt(FIRST, LAST));

    private FreePorts() {}

    static int next() {
        for (int tries = 0; tries < LAST - FIRST; tries++) {
            int port = NEXT.updateAndGet(p -> p + 1 >= LAST ? FIRST : p + 1);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no free port between " + FIRST + " and " + LAST);
    }

    private static boolean isFree(int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
