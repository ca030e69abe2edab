package io.kq.client.rpc;

import com.google.protobuf.ByteString;
import io.kq.client.batch.AckMode;
import io.kq.client.batch.OutgoingBatch;
import io.kq.client.batch.ProduceLink;
import io.kq.client.batch.ProduceLinks;
import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.rpc.LogMethods;
import io.kq.protocol.rpc.OutgoingProduce;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.Acks;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceResponse;
import io.kq.v1.ProduceResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Opens {@code LogService.Produce} streams. On the loop. */
public final class ProduceStreams implements ProduceLinks {

    private static final int PREFETCH = 16;

    private final ClientLoop loop;
    private final NodeChannels channels;
    private final Acks acks;
    private final int timeoutMillis;
    private final Map<UUID, ByteString> topicIds = new HashMap<>();

    /**
     * Streams of one producer.
     *
     * @param timeout how long a broker may wait for replicas
     */
    public ProduceStreams(ClientLoop loop, NodeChannels channels, AckMode acks, Duration timeout) {
        this.loop = loop;
        this.channels = channels;
        this.timeoutMillis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
        this.acks =
                switch (acks) {
                    case NONE -> Acks.ACKS_NONE;
                    case LEADER -> Acks.ACKS_LEADER;
                    case ALL -> Acks.ACKS_ALL;
                };
    }

    @Override
    public ProduceLink open(NodeAddress node, ProduceLink.Listener listener) {
        Link link = new Link(listener);
        StreamCall<OutgoingProduce, ProduceResponse> call =
                StreamCall.start(loop, channels, node, LogMethods.PRODUCE_CLIENT, link);
        link.call = call;
        call.request(PREFETCH);
        return link;
    }

    private OutgoingProduce.Entry entry(OutgoingBatch batch) {
        ByteString topicId = topicIds.computeIfAbsent(batch.topicId(), TopicIds::toBytes);
        ProduceBatch head =
                ProduceBatch.newBuilder()
                        .setCorrelationId(batch.correlationId())
                        .setTopic(batch.topic())
                        .setPartition(batch.partition())
                        .setAcks(acks)
                        .setTopicId(topicId)
                        .setTimeoutMs(timeoutMillis)
                        .build();
        return OutgoingProduce.Entry.packed(head, batch.bytes());
    }

    private final class Link implements ProduceLink, StreamCall.Events<ProduceResponse> {

        private final Listener listener;
        private StreamCall<OutgoingProduce, ProduceResponse> call;

        @SuppressWarnings("NullAway.Init") // set before the link is given to anyone
        Link(Listener listener) {
            this.listener = listener;
        }

        @Override
        public boolean isReady() {
            return call.isReady();
        }

        @Override
        public void send(List<OutgoingBatch> batches) {
            List<OutgoingProduce.Entry> entries = new ArrayList<>(batches.size());
            for (OutgoingBatch batch : batches) {
                entries.add(entry(batch));
            }
            call.send(new OutgoingProduce(entries));
        }

        @Override
        public void close() {
            call.cancel();
        }

        @Override
        public void onReady() {
            listener.onReady();
        }

        @Override
        public void onMessage(ProduceResponse message) {
            call.request(1);
            for (ProduceResult result : message.getResultsList()) {
                if (result.hasError()) {
                    listener.onRefused(
                            result.getCorrelationId(), RejectionCodec.fromProto(result.getError()));
                } else {
                    listener.onAccepted(
                            result.getCorrelationId(),
                            result.getBaseOffset(),
                            result.getDuplicate());
                }
            }
        }

        @Override
        public void onDropped(ProduceResponse message) {}

        @Override
        public void onEnded(boolean wasReady, CallFailure failure) {
            listener.onClosed(wasReady, failure.rejection());
        }
    }
}
