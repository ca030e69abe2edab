package io.kq.system.harness;

import io.kq.runtime.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A port in front of another one, whose link can be cut and healed as that of a network: while it
 * is cut nothing gets through in either direction, and nobody is told. Any thread.
 */
public final class TcpProxy implements AutoCloseable {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServerSocket server;
    private final int targetPort;
    private final ThreadFactory threads = Threads.named("tcp-proxy");
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private final Object link = new Object();
    private volatile boolean closed;

    /** Guarded by {@link #link}. */
    private boolean cut;

    /** In front of a port of this machine, on a free port. */
    public TcpProxy(int targetPort) {
        this.targetPort = targetPort;
        try {
            server = new ServerSocket();
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.next()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.newThread(this::accept).start();
    }

    public String address() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** From now on nothing gets through. */
    public void cut() {
        synchronized (link) {
            cut = true;
        }
    }

    /** All that was held, and what follows, gets through. */
    public void heal() {
        synchronized (link) {
            cut = false;
            link.notifyAll();
        }
    }

    /** Reads and connections that had to wait for the link so far. */
    public long held() {
        return held.get();
    }

    private void awaitLink() throws IOException {
        synchronized (link) {
            if (cut) {
                held.incrementAndGet();
            }
            while (cut && !closed) {
                try {
                    link.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException(e);
                }
            }
        }
    }

    private void accept() {
        while (!closed) {
            try {
                Socket caller = server.accept();
                sockets.add(caller);
                threads.newThread(() -> connect(caller)).start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private void connect(Socket caller) {
        try {
            awaitLink();
            Socket target = new Socket(InetAddress.getLoopbackAddress(), targetPort);
            sockets.add(target);
            threads.newThread(() -> pump(target, caller)).start();
            pump(caller, target);
        } catch (IOException refused) {
            end(caller);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                awaitLink();
                out.write(buffer, 0, count);
            }
        } catch (IOException over) {
            // The other direction ends with it.
        }
        end(from);
        end(to);
    }

    private void end(Socket socket) {
        sockets.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        heal();
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sockets.forEach(this::end);
    }
}
