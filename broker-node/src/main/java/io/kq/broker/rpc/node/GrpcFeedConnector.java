package io.kq.broker.rpc.node;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.kq.broker.metadata.FeedConnector;
import io.kq.broker.rpc.NodeChannels;
import io.kq.internal.v1.FollowRequest;
import io.kq.internal.v1.FollowResponse;
import io.kq.internal.v1.MetadataFeedServiceGrpc;
import io.kq.metadata.codec.FeedCodec;
import io.kq.metadata.codec.UnknownRecordException;
import io.kq.metadata.publish.FeedItem;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Feeds over the node port. */
public final class GrpcFeedConnector implements FeedConnector {

    private final int nodeId;
    private final NodeChannels channels;

    /** Feeds for this node. */
    public GrpcFeedConnector(int nodeId, NodeChannels channels) {
        this.nodeId = nodeId;
        this.channels = channels;
    }

    @Override
    public Feed follow(int voterId, long lastIndex, long lastTerm, Listener listener) {
        Stream stream = new Stream(listener);
        Optional<Channel> channel = channels.toNode(voterId);
        if (channel.isEmpty()) {
            listener.onEnd(
                    new RejectedException(ErrorCode.UNREACHABLE, "no address of node " + voterId));
            return stream;
        }
        FollowRequest request =
                FollowRequest.newBuilder()
                        .setNodeId(nodeId)
                        .setLastIndex(lastIndex)
                        .setLastTerm(lastTerm)
                        .build();
        Context.ROOT.run(
                () ->
                        ClientCalls.asyncServerStreamingCall(
                                channel.get()
                                        .newCall(
                                                MetadataFeedServiceGrpc.getFollowMethod(),
                                                CallOptions.DEFAULT),
                                request,
                                stream));
        return stream;
    }

    /** The follower's end of one feed. */
    private static final class Stream
            implements Feed, ClientResponseObserver<FollowRequest, FollowResponse> {

        private final Listener listener;
        private volatile @Nullable ClientCallStreamObserver<FollowRequest> call;
        private volatile boolean ended;

        Stream(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<FollowRequest> stream) {
            call = stream;
        }

        @Override
        public void close() {
            ended = true;
            ClientCallStreamObserver<FollowRequest> stream = call;
            if (stream != null) {
                stream.cancel("the feed is left", null);
            }
        }

        @Override
        public void onNext(FollowResponse said) {
            if (ended) {
                return;
            }
            FeedItem item;
            try {
                item = FeedCodec.fromProto(said);
            } catch (UnknownRecordException e) {
                close();
                listener.onUnknown(e);
                return;
            }
            listener.onItem(item);
        }

        @Override
        public void onError(Throwable failure) {
            listener.onEnd(RejectionCodec.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            listener.onEnd(new RejectedException(ErrorCode.NOT_READY, "the voter stops"));
        }
    }
}
