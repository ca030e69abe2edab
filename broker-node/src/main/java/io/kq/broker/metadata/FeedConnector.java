package io.kq.broker.metadata;

import io.kq.metadata.publish.FeedItem;
import io.kq.protocol.RejectedException;

/** Opens feeds. Implemented over the node port. Any thread; never blocks. */
@FunctionalInterface
public interface FeedConnector {

    /** Follows {@code voterId} from an image on; a feed that cannot be opened ends at once. */
    Feed follow(int voterId, long lastIndex, long lastTerm, Listener listener);

    /** One feed. Any thread. */
    interface Feed {
        /** Ends it. Idempotent. */
        void close();
    }

    /** Told what comes. Any thread, in order. */
    interface Listener {
        void onItem(FeedItem item);

        /**
         * The voter speaks of things that this version does not know: the image cannot be kept
         * equal to the others'.
         */
        void onUnknown(RuntimeException why);

        /** The feed is over. Called once. */
        void onEnd(RejectedException why);
    }
}
