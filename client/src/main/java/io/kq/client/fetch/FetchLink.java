package io.kq.client.fetch;

import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Port to one node's fetch stream; made by the rpc room. On the client's loop. */
public interface FetchLink {

    /**
     * Begins to read a partition. What is sent for it carries the id, which is never used again.
     */
    void subscribe(int subscriptionId, TopicPartition partition, UUID topicId, long offset);

    void unsubscribe(int subscriptionId);

    /** Lets the node send so many bytes more. */
    void grant(long bytes);

    /** Ends the stream; the listener is told nothing more. */
    void close();

    /**
     * What a node sent of one partition.
     *
     * @param nextOffset where the reader goes on after it
     * @param data whole RecordBatches v2, one after the other; the receiver's own
     */
    record Fetched(int subscriptionId, long nextOffset, ByteBuffer data) {}

    /** Told on the client's loop. */
    interface Listener {
        /** The stream takes subscriptions. Once. */
        void onReady();

        void onFetched(Fetched fetched);

        /** A subscription has ended. */
        void onRefused(int subscriptionId, RejectedException why);

        /** The last call: all subscriptions have ended. */
        void onClosed(boolean wasReady, RejectedException why);
    }
}
