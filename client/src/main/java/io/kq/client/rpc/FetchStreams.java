package io.kq.client.rpc;

import io.kq.client.fetch.FetchLink;
import io.kq.client.fetch.FetchLinks;
import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.TopicPartition;
import io.kq.protocol.rpc.IncomingFrame;
import io.kq.protocol.rpc.LogMethods;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.FetchSubscription;
import io.kq.v1.RecordFormat;
import java.util.UUID;

/** Opens {@code LogService.Fetch} streams. On the loop. */
public final class FetchStreams implements FetchLinks {

    /** Credit is the bound; this only keeps gRPC's own from being felt. */
    private static final int PREFETCH = 64;

    private final ClientLoop loop;
    private final NodeChannels channels;
    private final int partitionBytesMax;

    public FetchStreams(ClientLoop loop, NodeChannels channels, int partitionBytesMax) {
        this.loop = loop;
        this.channels = channels;
        this.partitionBytesMax = partitionBytesMax;
    }

    @Override
    public FetchLink open(NodeAddress node, FetchLink.Listener listener) {
        Link link = new Link(listener);
        StreamCall<FetchRequest, IncomingFrame<FetchData>> call =
                StreamCall.start(loop, channels, node, LogMethods.FETCH_CLIENT, link);
        link.call = call;
        call.request(PREFETCH);
        return link;
    }

    private final class Link implements FetchLink, StreamCall.Events<IncomingFrame<FetchData>> {

        private final Listener listener;
        private StreamCall<FetchRequest, IncomingFrame<FetchData>> call;
        private boolean readyTold;

        @SuppressWarnings("NullAway.Init") // set before the link is given to anyone
        Link(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void subscribe(
                int subscriptionId, TopicPartition partition, UUID topicId, long offset) {
            FetchSubscription subscription =
                    FetchSubscription.newBuilder()
                            .setSubscriptionId(subscriptionId)
                            .setTopic(partition.topic())
                            .setPartition(partition.partition())
                            .setTopicId(TopicIds.toBytes(topicId))
                            .setOffset(offset)
                            .setFormat(RecordFormat.RECORD_FORMAT_PACKED)
                            .setMaxBytes(partitionBytesMax)
                            .build();
            call.send(FetchRequest.newBuilder().addSubscribe(subscription).build());
        }

        @Override
        public void unsubscribe(int subscriptionId) {
            call.send(FetchRequest.newBuilder().addUnsubscribeIds(subscriptionId).build());
        }

        @Override
        public void grant(long bytes) {
            call.send(FetchRequest.newBuilder().setCreditBytes(bytes).build());
        }

        @Override
        public void close() {
            call.cancel();
        }

        @Override
        public void onReady() {
            if (!readyTold) {
                readyTold = true;
                listener.onReady();
            }
        }

        /**
         * The data is copied to the heap here, where the records will be decoded from: the
         * transport's memory is never held by a reader that does not poll.
         */
        @Override
        public void onMessage(IncomingFrame<FetchData> message) {
            call.request(1);
            try (message) {
                for (IncomingFrame.Part<FetchData> part : message.parts()) {
                    FetchData head = part.head();
                    if (head.hasError()) {
                        listener.onRefused(
                                head.getSubscriptionId(),
                                RejectionCodec.fromProto(head.getError()));
                    } else {
                        listener.onFetched(
                                new Fetched(
                                        head.getSubscriptionId(),
                                        head.getNextOffset(),
                                        part.packedCopy()));
                    }
                }
            }
        }

        @Override
        public void onDropped(IncomingFrame<FetchData> message) {
            message.close();
        }

        @Override
        public void onEnded(boolean wasReady, CallFailure failure) {
            listener.onClosed(wasReady, failure.rejection());
        }
    }
}
