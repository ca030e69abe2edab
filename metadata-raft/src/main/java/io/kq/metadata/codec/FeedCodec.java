package io.kq.metadata.codec;

import io.kq.internal.v1.FollowResponse;
import io.kq.metadata.publish.FeedItem;

/** Items of a feed to protobuf and back. Any thread. */
public final class FeedCodec {

    private FeedCodec() {}

    /** For the sender. */
    public static FollowResponse toProto(FeedItem item) {
        throw new UnsupportedOperationException();
    }

    /**
     * For the follower.
     *
     * @throws UnknownRecordException the sender wrote what this version does not know: the node
     *     must stop, since it cannot have the same image as the others
     */
    public static FeedItem fromProto(FollowResponse item) {
        throw new UnsupportedOperationException();
    }
}
