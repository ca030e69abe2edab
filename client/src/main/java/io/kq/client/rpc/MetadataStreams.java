package io.kq.client.rpc;

import io.kq.client.metadata.MetadataFeed;
import io.kq.client.metadata.NodeAddress;
import io.kq.v1.ClusterServiceGrpc;
import io.kq.v1.WatchMetadataRequest;
import io.kq.v1.WatchMetadataResponse;
import java.util.Set;

/** Opens {@code ClusterService.WatchMetadata} streams. On the loop. */
public final class MetadataStreams implements MetadataFeed {

    private static final int PREFETCH = 4;

    private final ClientLoop loop;
    private final NodeChannels channels;

    public MetadataStreams(ClientLoop loop, NodeChannels channels) {
        this.loop = loop;
        this.channels = channels;
    }

    @Override
    public Subscription watch(NodeAddress node, Set<String> topics, Listener listener) {
        Watch watch = new Watch(listener);
        StreamCall<WatchMetadataRequest, WatchMetadataResponse> call =
                StreamCall.start(
                        loop, channels, node, ClusterServiceGrpc.getWatchMetadataMethod(), watch);
        watch.call = call;
        call.request(PREFETCH);
        call.send(WatchMetadataRequest.newBuilder().addAllTopics(topics).build());
        call.halfClose();
        return call::cancel;
    }

    private static final class Watch implements StreamCall.Events<WatchMetadataResponse> {

        private final Listener listener;
        private StreamCall<WatchMetadataRequest, WatchMetadataResponse> call;

        @SuppressWarnings("NullAway.Init") // set before the first event
        Watch(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void onReady() {}

        @Override
        public void onMessage(WatchMetadataResponse message) {
            call.request(1);
            long version = message.getVersion();
            switch (message.getUpdateCase()) {
                case SNAPSHOT ->
                        listener.onSnapshot(
                                ClusterMapping.snapshot(message.getSnapshot(), version));
                case CHANGE ->
                        listener.onChange(ClusterMapping.change(message.getChange(), version));
                case HEARTBEAT, UPDATE_NOT_SET -> listener.onHeartbeat(version);
            }
        }

        @Override
        public void onDropped(WatchMetadataResponse message) {}

        @Override
        public void onEnded(boolean wasReady, CallFailure failure) {
            String reason = failure.rejection().getMessage();
            listener.onEnded(reason);
        }
    }
}
