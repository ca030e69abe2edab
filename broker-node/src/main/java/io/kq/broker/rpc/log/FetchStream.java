package io.kq.broker.rpc.log;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.kq.broker.fetch.FetchSink;
import io.kq.broker.fetch.FetchTarget;
import io.kq.broker.fetch.PartitionReads;
import io.kq.broker.partition.RemoteLeader;
import io.kq.broker.partition.Watermarks;
import io.kq.broker.rpc.InflightBudget;
import io.kq.broker.rpc.SliceBody;
import io.kq.broker.stream.CreditedSession;
import io.kq.broker.stream.CreditedSource;
import io.kq.log.slice.LogSlice;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchRecord;
import io.kq.protocol.rpc.FrameBody;
import io.kq.protocol.rpc.OutgoingFrame;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import io.kq.v1.FetchSubscription;
import io.kq.v1.Records;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Fetch call: a session whose sink is the call. Requests come on the call's event loop; the
 * session serializes what is sent, so all of {@link FetchSink} is one thread's at a time.
 */
final class FetchStream extends ServerCall.Listener<FetchRequest> implements FetchSink {

    private static final Logger LOGGER = LoggerFactory.getLogger(FetchStream.class);

    private final ServerCall<FetchRequest, OutgoingFrame<FetchData>> call;
    private final LogRooms rooms;
    private final CallOrigin origin;
    private final InflightBudget.Share share;
    private final CreditedSession<FetchTarget> session;
    private final Context context = Context.current();

    /** Streams to other nodes, by node. Of the session's drain. */
    private final Map<Integer, FetchForward> forwards = new HashMap<>();

    /** A request was taken in and the next not asked for. Of the session's drain. */
    private boolean requestOwed;

    FetchStream(
            ServerCall<FetchRequest, OutgoingFrame<FetchData>> call,
            LogRooms rooms,
            CallOrigin origin,
            InflightBudget.Share share) {
        this.call = call;
        this.rooms = rooms;
        this.origin = origin;
        this.share = share;
        this.session = rooms.reads().open(this);
    }

    void start() {
        call.sendHeaders(new Metadata());
        call.request(1);
    }

    @Override
    public void onMessage(FetchRequest request) {
        if (request.getSubscribeCount() > PartitionReads.SUBSCRIPTIONS_MAX) {
            session.close(() -> tooMany(request.getSubscribeCount()));
            return;
        }
        for (int id : request.getUnsubscribeIdsList()) {
            session.unsubscribe(id);
        }
        for (FetchSubscription subscription : request.getSubscribeList()) {
            subscribe(subscription);
        }
        if (request.getCreditBytes() != 0) {
            session.grant(request.getCreditBytes());
        }
        session.submit(this::requestNext);
        session.drain();
    }

    /**
     * The next request is read when this one has been taken in, and its errors have room to go: no
     * queue of requests here, and none of errors that nobody reads.
     */
    private void requestNext() {
        requestOwed = !call.isReady();
        if (!requestOwed) {
            call.request(1);
        }
    }

    private void subscribe(FetchSubscription subscription) {
        try {
            FetchTarget target = FetchTargets.of(subscription);
            session.subscribe(target.id(), target);
        } catch (RejectedException invalid) {
            FetchData.Builder data =
                    FetchData.newBuilder()
                            .setSubscriptionId(subscription.getSubscriptionId())
                            .setTopic(subscription.getTopic())
                            .setPartition(subscription.getPartition())
                            .setNextOffset(subscription.getOffset())
                            .setError(RejectionCodec.toProto(invalid));
            session.submit(() -> send(data, null));
        }
    }

    @Override
    public void onHalfClose() {
        session.completeInput();
        session.drain();
    }

    @Override
    public void onReady() {
        session.submit(
                () -> {
                    if (requestOwed) {
                        requestNext();
                    }
                });
        session.drain();
    }

    @Override
    public void onCancel() {
        release();
    }

    @Override
    public void onComplete() {
        release();
    }

    private void tooMany(int count) {
        RejectedException refused =
                new RejectedException(
                        ErrorCode.INVALID_ARGUMENT, count + " subscriptions in one request");
        StatusRuntimeException status = RejectionCodec.toStatus(refused);
        Metadata trailers = status.getTrailers();
        releaseAll();
        call.close(status.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private void release() {
        session.close(this::releaseAll);
    }

    private void releaseAll() {
        forwards.values().forEach(FetchForward::cancel);
        forwards.clear();
        share.close();
    }

    @Override
    public boolean isReady() {
        return call.isReady();
    }

    @Override
    public void packed(FetchTarget target, LogSlice slice, Watermarks marks) {
        send(data(target, slice.nextOffset(), marks), new SliceBody(slice));
    }

    @Override
    public long plain(
            FetchTarget target, List<BatchRecord> records, long nextOffset, Watermarks marks) {
        Records plain = PlainRecords.unpacked(records);
        send(data(target, nextOffset, marks).setPlain(plain), null);
        return plain.getSerializedSize();
    }

    private static FetchData.Builder data(FetchTarget target, long nextOffset, Watermarks marks) {
        return FetchTargets.dataOf(target)
                .setHighWatermark(marks.highWatermark())
                .setLastStableOffset(marks.lastStableOffset())
                .setLogStartOffset(marks.logStartOffset())
                .setNextOffset(nextOffset);
    }

    @Override
    public void ended(FetchTarget target, RejectedException reason) {
        send(FetchTargets.dataOf(target).setError(RejectionCodec.toProto(reason)), null);
    }

    /** Sends one piece; the body is the frame's from here on. */
    void send(FetchData.Builder data, @Nullable FrameBody body) {
        call.sendMessage(
                new OutgoingFrame<>(List.of(new OutgoingFrame.Part<>(data.build(), body))));
    }

    @Override
    public CreditedSource remote(FetchTarget target, RemoteLeader leader, Runnable wake) {
        if (!rooms.mayForward(origin)) {
            throw leader.notLeader();
        }
        FetchForward forward = forwards.get(leader.nodeId());
        if (forward != null && forward.hasEnded()) {
            forwards.remove(leader.nodeId());
            share.give(FetchForward.WINDOW_BYTES);
            forward = null;
        }
        if (forward == null) {
            forward = open(leader);
            forwards.put(leader.nodeId(), forward);
        }
        return forward.subscribe(target, wake);
    }

    /** In this call's context, whichever thread drains: its end ends the other stream too. */
    private FetchForward open(RemoteLeader leader) {
        if (!share.tryTake(FetchForward.WINDOW_BYTES)) {
            throw new RejectedException(
                    ErrorCode.OVERLOADED, "the node has too many bytes in flight");
        }
        boolean opened = false;
        Context previous = context.attach();
        try {
            FetchForward forward = FetchForward.open(rooms, origin, this, leader);
            opened = true;
            return forward;
        } finally {
            context.detach(previous);
            if (!opened) {
                share.give(FetchForward.WINDOW_BYTES);
            }
        }
    }

    /** Runs {@code input} in the session's drain. Any thread. */
    void submit(Runnable input) {
        session.submit(input);
        session.drain();
    }

    @Override
    public void completed() {
        call.close(Status.OK, new Metadata());
    }

    @Override
    public void failed(RuntimeException cause) {
        LOGGER.error("Ending a fetch stream: a bug", cause);
        call.close(
                Status.INTERNAL.withDescription("a bug of kq; its log says more"), new Metadata());
    }
}
