package io.kq.client;

import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.List;
import java.util.Map;

/** Reads records of partitions assigned by hand. One thread at a time, except {@link #wakeup}. */
public interface KqConsumer extends KqReader {

    /**
     * Starts a consumer. Does not wait for the cluster.
     *
     * @throws RejectedException INVALID_ARGUMENT if an address is malformed
     */
    static KqConsumer open(ClientConfig client, ConsumerConfig config) {
        return new ConsumerClient(client, config);
    }

    /**
     * Reads these partitions from these positions, and no others. Waits for the cluster to resolve
     * them.
     */
    void assign(Map<TopicPartition, Position> positions);

    /** All partitions of a topic. @throws RejectedException TOPIC_NOT_FOUND, UNREACHABLE */
    List<TopicPartition> partitionsOf(String topic);

    /** Offsets {@code [start, end)}. */
    record Range(long start, long end) {}

    /**
     * Where to read from.
     *
     * @param value an offset or milliseconds, by kind
     */
    record Position(Kind kind, long value) {
        /** What a position means. */
        public enum Kind {
            EARLIEST,
            LATEST,
            OFFSET,
            TIMESTAMP
        }

        public static final Position EARLIEST = new Position(Kind.EARLIEST, 0);
        public static final Position LATEST = new Position(Kind.LATEST, 0);

        public static Position offset(long offset) {
            return new Position(Kind.OFFSET, offset);
        }

        /** The first record that is not older; the end if there is none. */
        public static Position timestamp(long millis) {
            return new Position(Kind.TIMESTAMP, millis);
        }
    }
}
