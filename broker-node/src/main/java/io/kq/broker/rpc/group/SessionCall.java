package io.kq.broker.rpc.group;

import io.grpc.Channel;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.metadata.coordinator.CoordinatorLoop;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.v1.SessionRequest;
import io.kq.v1.SessionResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One member's stream, from its first word on with whoever coordinates its group. A client that
 * does not read is not read from either. On the call's thread but for {@link #onPeerReady}.
 */
final class SessionCall implements StreamObserver<SessionRequest> {

    private final GroupRoutes routes;
    private final GroupCodec codec;
    private final MemberIds memberIds;
    private final GroupCaller caller;
    private final ServerCallStreamObserver<SessionResponse> client;
    private @Nullable SessionPeer peer;

    /** A message was taken and the next one is not asked for yet. Guarded by this. */
    private boolean owesRequest;

    SessionCall(
            GroupRoutes routes,
            GroupCodec codec,
            MemberIds memberIds,
            GroupCaller caller,
            ServerCallStreamObserver<SessionResponse> client) {
        this.routes = routes;
        this.codec = codec;
        this.memberIds = memberIds;
        this.caller = caller;
        this.client = client;
        client.disableAutoRequest();
        client.setOnReadyHandler(this::onClientReady);
        client.setOnCancelHandler(this::onGone);
        client.request(1);
    }

    @Override
    public void onNext(SessionRequest message) {
        SessionPeer present = peer;
        if (present == null) {
            present = open(message);
            peer = present;
        }
        try {
            present.take(message);
        } catch (RuntimeException refused) {
            // The call ends with it: nothing may be said over it any more.
            present.onGone();
            throw refused;
        }
        synchronized (this) {
            owesRequest = true;
        }
        requestIfReady(present);
    }

    private SessionPeer open(SessionRequest first) {
        if (!first.hasJoin()) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT, "the first message of a session is a join");
        }
        int shard = routes.shardOf(GroupChecks.group(first.getJoin().getGroup()));
        Optional<CoordinatorLoop> local = routes.local(shard);
        if (local.isPresent()) {
            return new MemberCall(
                    local.get(), routes.decisions(), codec, memberIds, caller.host(), client);
        }
        Channel channel = routes.mayForward(caller) ? routes.remote(shard).orElse(null) : null;
        if (channel == null) {
            throw routes.notCoordinator(shard);
        }
        return SessionForward.open(
                channel, caller.forwardedBy(routes.nodeId()), client, this::onPeerReady);
    }

    private void onClientReady() {
        SessionPeer present = peer;
        if (present != null) {
            present.onClientReady();
            requestIfReady(present);
        }
    }

    private void onPeerReady() {
        SessionPeer present = peer;
        if (present != null) {
            requestIfReady(present);
        }
    }

    private synchronized void requestIfReady(SessionPeer present) {
        if (owesRequest && client.isReady() && present.isReady()) {
            owesRequest = false;
            client.request(1);
        }
    }

    private void onGone() {
        if (peer != null) {
            peer.onGone();
        }
    }

    @Override
    public void onError(Throwable failure) {
        onGone();
    }

    /** A client that says nothing more is gone: without heartbeats nobody is a member. */
    @Override
    public void onCompleted() {
        if (peer == null) {
            client.onCompleted();
        } else {
            peer.onHalfClosed();
        }
    }
}
