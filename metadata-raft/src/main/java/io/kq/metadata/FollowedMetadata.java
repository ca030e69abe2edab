package io.kq.metadata;

import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.FeedItem;

/**
 * The metadata of a node that is not a voter: applies what a voter's feed sends. {@link #onItem} is
 * called by one thread at a time (the stream's); the rest by any.
 */
public final class FollowedMetadata implements MetadataSource, AutoCloseable {

    public FollowedMetadata() {}

    /**
     * Takes the next item of the stream.
     *
     * @throws io.kq.protocol.RejectedException NOT_READY: the stream goes back behind what was
     *     applied (invariant M9); drop it and follow another voter from {@link #image}
     */
    @SuppressWarnings("DoNotCallSuggester")
    public void onItem(FeedItem item) {
        throw new UnsupportedOperationException();
    }

    /** The stream ended: parts of an image that is not whole are dropped, the rest stays. */
    public void onStreamEnd() {}

    @Override
    public MetadataImage image() {
        return MetadataImage.EMPTY;
    }

    @Override
    public Controller controller() {
        return Controller.NONE;
    }

    @Override
    public AutoCloseable subscribe(MetadataSubscriber subscriber) {
        throw new UnsupportedOperationException();
    }

    @Override
    public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
        throw new UnsupportedOperationException();
    }

    /** Ends the publisher's thread. */
    @Override
    public void close() {}
}
