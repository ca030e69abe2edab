package io.kq.broker.rpc.log;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.broker.fetch.FetchTarget;
import io.kq.broker.partition.RemoteLeader;
import io.kq.broker.stream.CreditedSource;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.IncomingFrame;
import io.kq.protocol.rpc.LogMethods;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.FetchData;
import io.kq.v1.FetchRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Subscriptions of one fetch stream to partitions that one other node leads: one stream to it,
 * whose credit is a window of this node's own. What comes is held on the heap until the client's
 * credit takes it, and only then is as much granted anew: a client that does not read holds one
 * window here, not more. Requests in the session's drain, answers on the channel's event loop.
 */
final class FetchForward {

    /** Held here at most, but for one larger batch. */
    static final int WINDOW_BYTES = 256 << 10;

    private final ClientCall<FetchRequest, IncomingFrame<FetchData>> call;
    private final FetchStream stream;
    private final RemoteLeader leader;
    private final Map<Integer, RemoteFetchSource> sources = new ConcurrentHashMap<>();

    /** Taken from the window and not granted anew yet. */
    private final AtomicLong consumed = new AtomicLong();

    /** Why the stream is over. */
    private volatile @Nullable RejectedException ended;

    // Of the drain.
    private int nextId = 1;
    private boolean cancelled;

    private FetchForward(
            ClientCall<FetchRequest, IncomingFrame<FetchData>> call,
            FetchStream stream,
            RemoteLeader leader) {
        this.call = call;
        this.stream = stream;
        this.leader = leader;
    }

    /**
     * A stream to the leader's node.
     *
     * @throws RejectedException NOT_LEADER if this node does not know where that is
     */
    static FetchForward open(
            LogRooms rooms, CallOrigin origin, FetchStream stream, RemoteLeader leader) {
        Channel channel = rooms.channels().toNode(leader.nodeId()).orElseThrow(leader::notLeader);
        FetchForward forward =
                new FetchForward(
                        channel.newCall(LogMethods.FETCH_CLIENT, CallOptions.DEFAULT),
                        stream,
                        leader);
        forward.call.start(forward.new Answers(), origin.forwardedBy(rooms.config().nodeId()));
        forward.call.request(1);
        forward.grant(WINDOW_BYTES);
        return forward;
    }

    boolean hasEnded() {
        return ended != null;
    }

    /** A source that is fed by this stream. Drain. */
    CreditedSource subscribe(FetchTarget target, Runnable wake) {
        int id = nextId++;
        RemoteFetchSource source = new RemoteFetchSource(this, stream, id, target, wake);
        sources.put(id, source);
        call.sendMessage(
                FetchRequest.newBuilder().addSubscribe(FetchTargets.forwarded(target, id)).build());
        RejectedException over = ended;
        if (over != null) {
            source.fail(over);
        }
        return source;
    }

    /** Nobody wants this subscription any more. Drain. */
    void unsubscribe(int id) {
        if (sources.remove(id) != null && ended == null && !cancelled) {
            call.sendMessage(FetchRequest.newBuilder().addUnsubscribeIds(id).build());
        }
    }

    /** So much was passed on, or dropped: the other node may send it anew. Drain. */
    void consumed(long bytes) {
        long sum = consumed.addAndGet(bytes);
        if (sum >= WINDOW_BYTES / 2) {
            consumed.addAndGet(-sum);
            grant(sum);
        }
    }

    private void grant(long bytes) {
        if (ended == null && !cancelled) {
            call.sendMessage(FetchRequest.newBuilder().setCreditBytes(bytes).build());
        }
    }

    /** Drain. */
    void cancel() {
        if (!cancelled) {
            cancelled = true;
            call.cancel("the stream that these subscriptions came with has ended", null);
        }
    }

    /** What the other node sends, on the channel's event loop. */
    private final class Answers extends ClientCall.Listener<IncomingFrame<FetchData>> {

        @Override
        public void onMessage(IncomingFrame<FetchData> frame) {
            try (frame) {
                for (IncomingFrame.Part<FetchData> part : frame.parts()) {
                    take(part);
                }
            }
            call.request(1);
        }

        private void take(IncomingFrame.Part<FetchData> part) {
            RemoteFetchSource source = sources.get(part.head().getSubscriptionId());
            RemoteFetchSource.Piece piece = RemoteFetchSource.Piece.of(part);
            if (source == null) {
                stream.submit(() -> FetchForward.this.consumed(piece.sizeBytes()));
            } else if (part.head().hasError()) {
                source.fail(RejectionCodec.fromProto(part.head().getError()));
            } else {
                source.add(piece);
            }
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            RejectedException why =
                    status.isOk()
                            ? new RejectedException(
                                    ErrorCode.UNREACHABLE,
                                    "node " + leader.nodeId() + " ended the stream")
                            : RejectionCodec.fromStatus(status, trailers);
            RejectedException reason =
                    why.with("leader_id", Integer.toString(leader.nodeId()))
                            .with("leader_address", leader.clientAddress());
            ended = reason;
            sources.values().forEach(source -> source.fail(reason));
        }
    }
}
