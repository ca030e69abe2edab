package io.kq.client.batch;

import io.kq.protocol.RejectedException;
import java.util.List;

/** Port to one node's produce stream; made by the rpc room. On the client's loop. */
public interface ProduceLink {

    /** Whether the transport takes more now; {@link Listener#onReady} follows if not. */
    boolean isReady();

    /** Sends one message. Only when ready: then the bytes are free again when this returns. */
    void send(List<OutgoingBatch> batches);

    /** Ends the stream; the listener is told nothing more. */
    void close();

    /** Told on the client's loop. */
    interface Listener {
        /** The transport takes messages, or takes them again. */
        void onReady();

        /** The broker has taken the batch. */
        void onAccepted(long correlationId, long baseOffset, boolean duplicate);

        /** The broker has refused the batch. */
        void onRefused(long correlationId, RejectedException why);

        /**
         * The last call: what was not answered is unknown.
         *
         * @param wasReady whether there ever was a connection
         */
        void onClosed(boolean wasReady, RejectedException why);
    }
}
