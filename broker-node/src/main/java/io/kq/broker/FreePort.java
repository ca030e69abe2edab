package io.kq.broker;

import io.kq.broker.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds a free port for a listener that must know its own before it opens it. */
final class FreePort {

    private FreePort() {}

    /** The same address; port 0 replaced by one that nothing listens on at this moment. */
    static HostPort choose(HostPort listener) {
        if (listener.port() != 0) {
            return listener;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getByName(listener.host()), 0));
            return listener.withPort(probe.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
