package io.kq.broker.rpc.replica;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.kq.broker.partition.core.follower.FollowerEffect.Acknowledge;
import io.kq.broker.partition.core.follower.FollowerEffect.Subscribe;
import io.kq.broker.partition.follower.Follower;
import io.kq.internal.v1.ReplicaData;
import io.kq.internal.v1.ReplicaProgress;
import io.kq.internal.v1.ReplicaSubscription;
import io.kq.internal.v1.ReplicateRequest;
import io.kq.protocol.record.BatchBytes;
import io.kq.protocol.rpc.IncomingFrame;
import io.kq.protocol.rpc.ReplicationMethods;
import io.kq.protocol.rpc.TopicIds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Replicate call, at the followers' end: the subscriptions of this node's replicas to what
 * another one leads. What comes is appended on the channel's event loop, and only then is as much
 * granted anew: the window bounds what is under way. All that the followers say about one message
 * goes out in one. Any thread.
 */
final class LeaderStream {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderStream.class);

    /** May be under way at once, but for one larger batch. */
    private static final long WINDOW_BYTES = 4 << 20;

    /** One replica's subscription here. */
    private record Subscription(long id, Follower follower, long generation) {}

    private final ClientCall<ReplicateRequest, IncomingFrame<ReplicaData>> call;
    private final int nodeId;
    private final LongSupplier brokerEpoch;

    /** Guarded by this. */
    private final Map<Long, Subscription> byId = new HashMap<>();

    /** Guarded by this. */
    private final Map<Follower, Subscription> byFollower = new HashMap<>();

    /** What is to be sent next. Guarded by this. */
    private ReplicateRequest.Builder outgoing = ReplicateRequest.newBuilder();

    /** The newest for each subscription, to be sent next. Guarded by this. */
    private final Map<Long, ReplicaProgress> progress = new HashMap<>();

    /** As last told to the leader. Guarded by this. */
    private long toldEpoch = -1;

    /** A message is being taken in: what is said meanwhile goes out behind it. Guarded by this. */
    private boolean taking;

    /** Over all streams of this process: leaders take a larger one for the newer. */
    private final AtomicLong ids;

    /** Guarded by this. */
    private boolean ended;

    private LeaderStream(
            ClientCall<ReplicateRequest, IncomingFrame<ReplicaData>> call,
            int nodeId,
            LongSupplier brokerEpoch,
            AtomicLong ids) {
        this.call = call;
        this.ids = ids;
        this.nodeId = nodeId;
        this.brokerEpoch = brokerEpoch;
    }

    /** Begins a call; that it cannot be made is told to those who subscribe. */
    static LeaderStream open(
            Channel channel, int nodeId, LongSupplier brokerEpoch, AtomicLong ids) {
        Context previous = Context.ROOT.attach();
        try {
            LeaderStream stream =
                    new LeaderStream(
                            channel.newCall(ReplicationMethods.CLIENT, CallOptions.DEFAULT),
                            nodeId,
                            brokerEpoch,
                            ids);
            stream.call.start(stream.new Pushes(), new Metadata());
            stream.call.request(1);
            synchronized (stream) {
                stream.outgoing.setCreditBytes(WINDOW_BYTES);
            }
            return stream;
        } finally {
            Context.ROOT.detach(previous);
        }
    }

    synchronized boolean hasEnded() {
        return ended;
    }

    /** False if the stream is over; the subscription was not sent then. */
    synchronized boolean subscribe(Follower follower, Subscribe asked) {
        if (ended) {
            return false;
        }
        Subscription older = byFollower.get(follower);
        if (older != null && older.generation() >= asked.generation()) {
            return true; // Late: this replica has gone on already.
        }
        if (older != null) {
            forget(older);
        }
        Subscription subscription =
                new Subscription(ids.incrementAndGet(), follower, asked.generation());
        byId.put(subscription.id(), subscription);
        byFollower.put(follower, subscription);
        outgoing.addSubscribe(
                ReplicaSubscription.newBuilder()
                        .setSubscriptionId(subscription.id())
                        .setTopicId(TopicIds.toBytes(follower.id().topicId()))
                        .setPartition(follower.id().partition())
                        .setLeaderEpoch(asked.leaderEpoch())
                        .setEndOffset(asked.endOffset())
                        .setLastEpoch(asked.lastEpoch()));
        flush();
        return true;
    }

    synchronized void unsubscribe(Follower follower, long generation) {
        Subscription subscription = byFollower.get(follower);
        if (subscription != null && subscription.generation() == generation) {
            forget(subscription);
            flush();
        }
    }

    private void forget(Subscription gone) {
        byId.remove(gone.id());
        byFollower.remove(gone.follower(), gone);
        // What it said last may be that its disk failed: it goes out before the end.
        ReplicaProgress last = progress.remove(gone.id());
        if (last != null) {
            outgoing.addProgress(last);
        }
        outgoing.addUnsubscribeIds(gone.id());
    }

    synchronized void acknowledge(Follower follower, Acknowledge said) {
        Subscription subscription = byFollower.get(follower);
        if (subscription == null || subscription.generation() != said.generation()) {
            return;
        }
        progress.put(
                subscription.id(),
                ReplicaProgress.newBuilder()
                        .setSubscriptionId(subscription.id())
                        .setLeaderEpoch(said.leaderEpoch())
                        .setEndOffset(said.endOffset())
                        .setFailed(said.failed())
                        .build());
        flush();
    }

    /** Sends what there is to say, unless more is to come in a moment. */
    private void flush() {
        if (taking || ended) {
            return;
        }
        long epoch = brokerEpoch.getAsLong();
        if (epoch != toldEpoch) {
            toldEpoch = epoch;
            outgoing.setBrokerId(nodeId).setBrokerEpoch(epoch);
        }
        outgoing.addAllProgress(progress.values());
        progress.clear();
        ReplicateRequest request = outgoing.build();
        outgoing = ReplicateRequest.newBuilder();
        call.sendMessage(request);
    }

    /** Nothing more is sent: a call that was cancelled takes nothing. */
    void cancel() {
        synchronized (this) {
            ended = true;
        }
        call.cancel("the node stops", null);
    }

    private synchronized @Nullable Subscription find(long id) {
        return byId.get(id);
    }

    private synchronized void begin() {
        taking = true;
    }

    private synchronized void taken(long bytes) {
        taking = false;
        if (bytes > 0) {
            outgoing.setCreditBytes(outgoing.getCreditBytes() + bytes);
        }
        flush();
    }

    /** What the leader's node pushes, on the channel's event loop. */
    private final class Pushes extends ClientCall.Listener<IncomingFrame<ReplicaData>> {

        @Override
        public void onMessage(IncomingFrame<ReplicaData> frame) {
            long bytes = 0;
            begin();
            try (frame) {
                for (IncomingFrame.Part<ReplicaData> part : frame.parts()) {
                    bytes += part.packedBytes();
                    take(part);
                }
            } finally {
                taken(bytes);
            }
            call.request(1);
        }

        private void take(IncomingFrame.Part<ReplicaData> part) {
            ReplicaData head = part.head();
            Subscription subscription = find(head.getSubscriptionId());
            if (subscription == null) {
                return;
            }
            Follower follower = subscription.follower();
            if (head.hasError()) {
                over(subscription);
                LOGGER.debug(
                        "Subscription ended partition={} reason={}",
                        follower.partition(),
                        head.getError().getMessage());
                follower.lost(subscription.generation());
            } else if (head.hasDivergence()) {
                over(subscription);
                follower.diverged(
                        subscription.generation(),
                        head.getLeaderEpoch(),
                        head.getDivergence().getEpoch(),
                        head.getDivergence().getEndOffset());
            } else if (isFor(follower, head)) {
                push(subscription, part);
            } else {
                LOGGER.error("A push for another partition partition={}", follower.partition());
                unsubscribe(follower, subscription.generation());
                follower.lost(subscription.generation());
            }
        }

        private void push(Subscription subscription, IncomingFrame.Part<ReplicaData> part) {
            ReplicaData head = part.head();
            List<BatchBytes> batches;
            try {
                requirePossible(head);
                batches = BatchBytes.split(part.packedParts());
            } catch (IllegalArgumentException problem) {
                LOGGER.warn(
                        "Did not take what no leader can mean partition={} problem={}",
                        subscription.follower().partition(),
                        problem.getMessage());
                unsubscribe(subscription.follower(), subscription.generation());
                subscription.follower().lost(subscription.generation());
                return;
            }
            subscription
                    .follower()
                    .pushed(
                            subscription.generation(),
                            head.getLeaderEpoch(),
                            head.getHighWatermark(),
                            head.getLogStartOffset(),
                            batches);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            List<Subscription> lost;
            synchronized (LeaderStream.this) {
                ended = true;
                lost = List.copyOf(byId.values());
                byId.clear();
                byFollower.clear();
            }
            for (Subscription subscription : lost) {
                subscription.follower().lost(subscription.generation());
            }
        }
    }

    /** The leader ended it. */
    private synchronized void over(Subscription gone) {
        byId.remove(gone.id());
        byFollower.remove(gone.follower(), gone);
        progress.remove(gone.id());
    }

    /** A follower gives up what its leader says is gone: only what was committed can be. */
    private static void requirePossible(ReplicaData head) {
        long start = head.getLogStartOffset();
        if (start < 0 || start > head.getHighWatermark()) {
            throw new IllegalArgumentException(
                    "a log that starts at "
                            + start
                            + " and is committed up to "
                            + head.getHighWatermark());
        }
    }

    /** No checksum covers which partition bytes are of. */
    private static boolean isFor(Follower follower, ReplicaData head) {
        return head.getPartition() == follower.id().partition()
                && TopicIds.toBytes(follower.id().topicId()).equals(head.getTopicId());
    }
}
