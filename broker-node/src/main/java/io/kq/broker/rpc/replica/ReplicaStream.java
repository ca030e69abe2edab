package io.kq.broker.rpc.replica;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kq.broker.partition.PartitionRegistry;
import io.kq.broker.partition.ReplicaSubscription;
import io.kq.broker.replication.CatchUpPace;
import io.kq.broker.replication.ReplicaFeed;
import io.kq.broker.replication.ReplicaSession;
import io.kq.broker.replication.ReplicaSink;
import io.kq.broker.rpc.SliceBody;
import io.kq.internal.v1.Divergence;
import io.kq.internal.v1.ReplicaData;
import io.kq.internal.v1.ReplicaProgress;
import io.kq.internal.v1.ReplicateRequest;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import io.kq.protocol.rpc.OutgoingFrame;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.protocol.rpc.TopicIds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Replicate call, at the leaders' end: a session whose sink is the call. Requests come on the
 * call's event loop; the session serializes what is sent.
 */
final class ReplicaStream extends ServerCall.Listener<ReplicateRequest> implements ReplicaSink {

    private static final Logger LOGGER = LoggerFactory.getLogger(ReplicaStream.class);

    /** A message is sent when it holds so much: small ones share it, large ones do not wait. */
    private static final int MESSAGE_BYTES = 128 << 10;

    private final ServerCall<ReplicateRequest, OutgoingFrame<ReplicaData>> call;
    private final ReplicaSession session;

    /** Who follows, as last told. Of the call's event loop. */
    private int brokerId = -1;

    private long brokerEpoch = -1;

    /** Of the session's drain. */
    private List<OutgoingFrame.Part<ReplicaData>> parts = new ArrayList<>();

    private int partsBytes;

    ReplicaStream(
            ServerCall<ReplicateRequest, OutgoingFrame<ReplicaData>> call,
            PartitionRegistry registry,
            Executor background,
            CatchUpPace pace) {
        this.call = call;
        this.session = new ReplicaSession(registry, this, background, pace);
    }

    void start() {
        call.sendHeaders(new Metadata());
        call.request(1);
    }

    @Override
    public void onMessage(ReplicateRequest request) {
        if (request.getBrokerEpoch() != 0) {
            brokerId = request.getBrokerId();
            brokerEpoch = request.getBrokerEpoch();
        }
        // The last word of a subscription may be that its replica failed.
        for (ReplicaProgress progress : request.getProgressList()) {
            session.acknowledged(
                    progress.getSubscriptionId(),
                    progress.getLeaderEpoch(),
                    progress.getEndOffset(),
                    progress.getFailed());
        }
        for (long id : request.getUnsubscribeIdsList()) {
            session.unsubscribe(id);
        }
        for (var subscription : request.getSubscribeList()) {
            try {
                session.subscribe(
                        new TopicIdPartition(
                                TopicIds.fromBytes(subscription.getTopicId()),
                                subscription.getPartition()),
                        new ReplicaSubscription(
                                brokerId,
                                brokerEpoch,
                                subscription.getSubscriptionId(),
                                subscription.getLeaderEpoch(),
                                subscription.getEndOffset(),
                                subscription.getLastEpoch()));
            } catch (IllegalArgumentException malformed) {
                refuseAll(malformed);
                return;
            }
        }
        if (request.getCreditBytes() > 0) {
            session.grant(request.getCreditBytes());
        }
        session.drain();
        call.request(1);
    }

    private void refuseAll(IllegalArgumentException malformed) {
        StatusRuntimeException status =
                RejectionCodec.toStatus(
                        new RejectedException(
                                ErrorCode.INVALID_ARGUMENT,
                                "not a subscription: " + malformed.getMessage()));
        session.close(() -> call.close(status.getStatus(), new Metadata()));
    }

    @Override
    public void onHalfClose() {
        session.close(() -> call.close(Status.OK, new Metadata()));
    }

    @Override
    public void onReady() {
        session.drain();
    }

    @Override
    public void onCancel() {
        session.close(() -> {});
    }

    @Override
    public void onComplete() {
        session.close(() -> {});
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void push(
            ReplicaFeed feed, @Nullable LogSlice slice, long highWatermark, long logStartOffset) {
        ReplicaData head =
                dataOf(feed)
                        .setHighWatermark(highWatermark)
                        .setLogStartOffset(logStartOffset)
                        .build();
        add(head, slice);
    }

    private static ReplicaData.Builder dataOf(ReplicaFeed feed) {
        return ReplicaData.newBuilder()
                .setSubscriptionId(feed.id())
                .setTopicId(TopicIds.toBytes(feed.leader().topicId()))
                .setPartition(feed.leader().partition().partition())
                .setLeaderEpoch(feed.leader().leaderEpoch());
    }

    private void add(ReplicaData head, @Nullable LogSlice slice) {
        parts.add(new OutgoingFrame.Part<>(head, slice == null ? null : new SliceBody(slice)));
        partsBytes += head.getSerializedSize() + (slice == null ? 0 : slice.sizeBytes());
        if (partsBytes >= MESSAGE_BYTES) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (parts.isEmpty()) {
            return;
        }
        OutgoingFrame<ReplicaData> frame = new OutgoingFrame<>(parts);
        parts = new ArrayList<>();
        partsBytes = 0;
        call.sendMessage(frame);
    }

    @Override
    public void diverged(ReplicaFeed feed, int epoch, long endOffset) {
        add(
                dataOf(feed)
                        .setDivergence(
                                Divergence.newBuilder().setEpoch(epoch).setEndOffset(endOffset))
                        .build(),
                null);
    }

    @Override
    public void ended(long id, RejectedException reason) {
        add(
                ReplicaData.newBuilder()
                        .setSubscriptionId(id)
                        .setError(RejectionCodec.toProto(reason))
                        .build(),
                null);
    }

    @Override
    public void failed(RuntimeException cause) {
        LOGGER.error("Ending a follower's stream: a bug", cause);
        parts.forEach(ReplicaStream::release);
        parts = new ArrayList<>();
        call.close(
                Status.INTERNAL.withDescription("a bug of kq; its log says more"), new Metadata());
    }

    private static void release(OutgoingFrame.Part<ReplicaData> part) {
        if (part.body() != null) {
            part.body().close();
        }
    }
}
