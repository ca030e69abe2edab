package io.kq.broker.rpc.node;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.internal.v1.FollowRequest;
import io.kq.internal.v1.FollowResponse;
import io.kq.internal.v1.MetadataFeedServiceGrpc.MetadataFeedServiceImplBase;
import io.kq.metadata.codec.FeedCodec;
import io.kq.metadata.publish.FeedItem;
import io.kq.metadata.publish.FeedListener;
import io.kq.metadata.publish.FeedSubscription;
import io.kq.metadata.publish.MetadataFeed;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.Optional;
import java.util.function.Supplier;

/** Sends the agreed state to nodes that are no voters. */
public final class MetadataFeedService extends MetadataFeedServiceImplBase {

    private final Supplier<Optional<MetadataFeed>> feed;

    /** Serves {@code feed}; empty while this node is no voter itself. */
    public MetadataFeedService(Supplier<Optional<MetadataFeed>> feed) {
        this.feed = feed;
    }

    @Override
    public void follow(FollowRequest request, StreamObserver<FollowResponse> observer) {
        MetadataFeed served =
                feed.get()
                        .orElseThrow(
                                () ->
                                        new RejectedException(
                                                ErrorCode.NOT_CONTROLLER, "this node is no voter"));
        var stream = (ServerCallStreamObserver<FollowResponse>) observer;
        FeedSubscription subscription =
                served.follow(request.getLastIndex(), request.getLastTerm(), new Follower(stream));
        stream.setOnReadyHandler(subscription::resume);
        stream.setOnCancelHandler(subscription::close);
    }

    /** One follower. Called on the feed's thread only. */
    private record Follower(ServerCallStreamObserver<FollowResponse> stream)
            implements FeedListener {

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void onItem(FeedItem item) {
            if (!stream.isCancelled()) {
                stream.onNext(FeedCodec.toProto(item));
            }
        }

        @Override
        public void onEnd() {
            if (!stream.isCancelled()) {
                stream.onCompleted();
            }
        }
    }
}
