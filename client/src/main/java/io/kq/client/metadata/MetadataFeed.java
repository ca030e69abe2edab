package io.kq.client.metadata;

import java.util.Set;

/** Port to the nodes' metadata streams; made by the rpc room. On the client's loop. */
@FunctionalInterface
public interface MetadataFeed {

    /** Asks a node for the cluster and these topics (none: no topic), and for all that changes. */
    Subscription watch(NodeAddress node, Set<String> topics, Listener listener);

    /** A stream that can be ended. */
    @FunctionalInterface
    interface Subscription {
        /** Ends the stream; the listener is told nothing more. */
        void cancel();
    }

    /** Told on the client's loop. */
    interface Listener {
        void onSnapshot(ClusterSnapshot snapshot);

        void onChange(ClusterChange change);

        /** Nothing changed; {@code version} is what the node has seen. */
        void onHeartbeat(long version);

        /** The last call: the stream is over, {@code reason} in a few words. */
        void onEnded(String reason);
    }
}
