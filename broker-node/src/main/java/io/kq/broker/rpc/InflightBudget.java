package io.kq.broker.rpc;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what clients can make this node hold: bytes of batches that were received and not answered
 * yet, in total and per connection. A call that has something in flight is not read on while its
 * connection is over its bound or all are over half of the total; the other half is for what was
 * asked for before. The total is hard: beyond it nothing is taken. A call with nothing in flight
 * may always have one message, so that nobody waits for others for ever. Any thread.
 */
public final class InflightBudget {

    private final long totalMax;
    private final long connectionMax;
    private final AtomicLong total = new AtomicLong();
    private final Map<Object, Connection> connections = new ConcurrentHashMap<>();

    /**
     * Nothing in flight.
     *
     * @param totalMax bytes over all calls
     * @param connectionMax bytes over the calls of one connection
     */
    public InflightBudget(long totalMax, long connectionMax) {
        this.totalMax = totalMax;
        this.connectionMax = connectionMax;
    }

    /** Bytes in flight now. */
    public long usedBytes() {
        return total.get();
    }

    /** Connections with a call. */
    public int connectionCount() {
        return connections.size();
    }

    /**
     * A call's share, to be closed with the call.
     *
     * @param connection equal for calls of the same connection
     */
    public Share open(Object connection) {
        Connection its =
                connections.compute(
                        connection,
                        (key, known) -> {
                            Connection c = known == null ? new Connection() : known;
                            c.calls++;
                            return c;
                        });
        return new Share(connection, its);
    }

    private boolean tryTake(long bytes) {
        while (true) {
            long used = total.get();
            if (used > 0 && used + bytes > totalMax) {
                return false;
            }
            if (total.compareAndSet(used, used + bytes)) {
                return true;
            }
        }
    }

    /** What the calls of one connection have in flight. */
    private static final class Connection {
        /** Guarded by the map's entry. */
        private int calls;

        private final AtomicLong used = new AtomicLong();
    }

    /** One call's part in it. */
    public final class Share {
        private final Object key;
        private final Connection connection;

        /** Guarded by this. */
        private long used;

        /** Guarded by this. */
        private boolean closed;

        private Share(Object key, Connection connection) {
            this.key = key;
            this.connection = connection;
        }

        /** Takes {@code bytes}, or nothing if they are over the total or the share is closed. */
        public synchronized boolean tryTake(long bytes) {
            if (closed || !InflightBudget.this.tryTake(bytes)) {
                return false;
            }
            connection.used.addAndGet(bytes);
            used += bytes;
            return true;
        }

        /** Gives back what was taken; nothing once the share is closed. */
        public synchronized void give(long bytes) {
            if (!closed) {
                used -= bytes;
                connection.used.addAndGet(-bytes);
                total.addAndGet(-bytes);
            }
        }

        /** Whether the call may read on. */
        public synchronized boolean hasRoom() {
            return used <= 0
                    || (connection.used.get() < connectionMax && total.get() < totalMax / 2);
        }

        /** Gives back everything. Idempotent. */
        public void close() {
            synchronized (this) {
                if (closed) {
                    return;
                }
                give(used);
                closed = true;
            }
            connections.compute(
                    key,
                    (k, known) -> {
                        connection.calls--;
                        return connection.calls == 0 ? null : known;
                    });
        }
    }
}
