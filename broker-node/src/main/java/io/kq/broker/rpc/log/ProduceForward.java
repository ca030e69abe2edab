package io.kq.broker.rpc.log;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.broker.partition.RemoteLeader;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.rpc.LogMethods;
import io.kq.protocol.rpc.OutgoingProduce;
import io.kq.protocol.rpc.ProduceFrame;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.protocol.rpc.TopicIds;
import io.kq.v1.Acks;
import io.kq.v1.ProduceBatch;
import io.kq.v1.ProduceResponse;
import io.kq.v1.ProduceResult;
import io.kq.v1.Records;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Batches of one call on their way to one other node that leads their partitions: one stream, so
 * that their order is kept. Packed bytes are copied to the heap, as the transport's buffers are
 * gone before they are sent; what is held so is bounded by the in-flight budget, since a batch is
 * charged until it is answered. Requests on the call's event loop, answers on the channel's.
 */
final class ProduceForward {

    /** Message size from which on a further batch goes into another one. */
    private static final int MESSAGE_BYTES = 256 << 10;

    private final ClientCall<OutgoingProduce, ProduceResponse> call;
    private final RemoteLeader leader;

    // Of the origin's event loop.
    private final List<OutgoingProduce.Entry> unsent = new ArrayList<>();
    private int unsentBytes;
    private long nextCorrelationId;

    /** By the correlation ids of this stream. Guarded by itself. */
    private final Map<Long, PendingBatch> unanswered = new HashMap<>();

    /** Why the stream is over, null while it is not. Guarded by {@link #unanswered}. */
    private @Nullable RejectedException ended;

    private ProduceForward(ClientCall<OutgoingProduce, ProduceResponse> call, RemoteLeader leader) {
        this.call = call;
        this.leader = leader;
    }

    /**
     * A stream to the leader's node.
     *
     * @throws RejectedException NOT_LEADER if this node does not know where that is
     */
    static ProduceForward open(LogRooms rooms, CallOrigin origin, RemoteLeader leader) {
        Channel channel = rooms.channels().toNode(leader.nodeId()).orElseThrow(leader::notLeader);
        ProduceForward forward =
                new ProduceForward(
                        channel.newCall(LogMethods.PRODUCE_CLIENT, CallOptions.DEFAULT), leader);
        Metadata headers = origin.forwardedBy(rooms.config().nodeId());
        forward.call.start(forward.new Answers(), headers);
        forward.call.request(1);
        return forward;
    }

    /**
     * Adds a batch to what is sent with the next {@link #flush}.
     *
     * @param pending gets an answer even if nobody wants one: until then it is charged
     * @return false if the stream has ended: nothing was taken
     */
    boolean add(ProduceFrame.Entry entry, PendingBatch pending) {
        long correlationId = nextCorrelationId++;
        synchronized (unanswered) {
            if (ended != null) {
                return false;
            }
            unanswered.put(correlationId, pending);
        }
        int size = sizeBytes(entry);
        if (unsentBytes + size > MESSAGE_BYTES) {
            flush();
        }
        unsent.add(outgoing(entry, correlationId));
        unsentBytes += size;
        return true;
    }

    /** The refusal of a batch that {@link #add} did not take. */
    RejectedException neverSent() {
        synchronized (unanswered) {
            RejectedException why = ended == null ? leader.notLeader() : ended;
            return new RejectedException(why.code(), why.getMessage(), true, why.metadata());
        }
    }

    private static int sizeBytes(ProduceFrame.Entry entry) {
        BatchBytes packed = entry.packed();
        Records plain = entry.plain();
        return packed != null ? packed.sizeBytes() : plain == null ? 0 : plain.getSerializedSize();
    }

    private static OutgoingProduce.Entry outgoing(ProduceFrame.Entry entry, long correlationId) {
        ProduceBatch.Builder head =
                ProduceBatch.newBuilder()
                        .setCorrelationId(correlationId)
                        .setTopic(entry.topic())
                        .setPartition(entry.partition())
                        .setAcks(entry.acks() == Acks.ACKS_NONE ? Acks.ACKS_LEADER : entry.acks())
                        .setTimeoutMs(entry.timeoutMillis());
        if (entry.topicId() != null) {
            head.setTopicId(TopicIds.toBytes(entry.topicId()));
        }
        BatchBytes packed = entry.packed();
        if (packed != null) {
            return OutgoingProduce.Entry.packed(head.build(), packed.toContiguous());
        }
        if (entry.plain() != null) {
            head.setPlain(entry.plain());
        }
        return OutgoingProduce.Entry.plain(head.build());
    }

    /** Sends what was added. */
    void flush() {
        if (!unsent.isEmpty()) {
            call.sendMessage(new OutgoingProduce(unsent));
            unsent.clear();
            unsentBytes = 0;
        }
    }

    /** Nothing more is added. */
    void complete() {
        flush();
        call.halfClose();
    }

    /** Nobody waits for answers any more. Any thread. */
    void cancel() {
        call.cancel("the call that these batches came with has ended", null);
    }

    /** The answers, on the channel's event loop. */
    private final class Answers extends ClientCall.Listener<ProduceResponse> {

        @Override
        public void onMessage(ProduceResponse response) {
            PendingBatch last = null;
            for (ProduceResult result : response.getResultsList()) {
                PendingBatch pending;
                synchronized (unanswered) {
                    pending = unanswered.remove(result.getCorrelationId());
                }
                if (pending != null) {
                    pending.answeredElsewhere(result);
                    last = pending;
                }
            }
            if (last != null) {
                last.onTurnEnd();
            }
            call.request(1);
        }

        /** What is not answered may have been written or not. */
        @Override
        public void onClose(Status status, Metadata trailers) {
            RejectedException reason = reason(status, trailers);
            List<PendingBatch> lost;
            synchronized (unanswered) {
                ended = reason;
                lost = new ArrayList<>(unanswered.values());
                unanswered.clear();
            }
            if (lost.isEmpty()) {
                return;
            }
            lost.forEach(pending -> pending.fail(reason));
            lost.get(0).onTurnEnd();
        }

        /** Definite only if no connection was ever made: then nothing was sent. */
        private RejectedException reason(Status status, Metadata trailers) {
            RejectedException why =
                    status.isOk()
                            ? new RejectedException(
                                    ErrorCode.UNREACHABLE,
                                    "node " + leader.nodeId() + " ended the stream")
                            : RejectionCodec.fromStatus(status, trailers);
            RejectedException named =
                    why.with("leader_id", Integer.toString(leader.nodeId()))
                            .with("leader_address", leader.clientAddress());
            boolean neverSent = !status.isOk() && why.code() == ErrorCode.UNREACHABLE;
            return neverSent && why.definite() ? named : named.indefinite();
        }
    }
}
