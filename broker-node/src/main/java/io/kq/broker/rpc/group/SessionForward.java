package io.kq.broker.rpc.group;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCallStreamObserver;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.GroupServiceGrpc;
import io.kq.v1.SessionRequest;
import io.kq.v1.SessionResponse;
import org.jspecify.annotations.Nullable;

/**
 * A member whose group another node coordinates: what it says goes there, what it is told comes
 * from there. Neither side is read from faster than the other one takes it. The call ends with the
 * client's: it is made in its context.
 */
final class SessionForward
        implements SessionPeer, ClientResponseObserver<SessionRequest, SessionResponse> {

    private final ServerCallStreamObserver<SessionResponse> client;
    private final Runnable onReady;
    private @Nullable ClientCallStreamObserver<SessionRequest> coordinator;

    /** A message came and the next one is not asked for yet. Guarded by this. */
    private boolean owesRequest;

    private volatile boolean over;

    private SessionForward(ServerCallStreamObserver<SessionResponse> client, Runnable onReady) {
        this.client = client;
        this.onReady = onReady;
    }

    /**
     * @param onReady told when the other node takes more, on any thread
     */
    static SessionForward open(
            Channel channel,
            Metadata headers,
            ServerCallStreamObserver<SessionResponse> client,
            Runnable onReady) {
        SessionForward forward = new SessionForward(client, onReady);
        Channel marked =
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
        var unused =
                ClientCalls.asyncBidiStreamingCall(
                        marked.newCall(GroupServiceGrpc.getSessionMethod(), CallOptions.DEFAULT),
                        forward);
        return forward;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<SessionRequest> requests) {
        coordinator = requests;
        requests.disableAutoRequestWithInitial(1);
        requests.setOnReadyHandler(onReady);
    }

    private ClientCallStreamObserver<SessionRequest> coordinator() {
        ClientCallStreamObserver<SessionRequest> present = coordinator;
        if (present == null) {
            throw new IllegalStateException("not started");
        }
        return present;
    }

    @Override
    public void take(SessionRequest message) {
        if (!over) {
            coordinator().onNext(message);
        }
    }

    @Override
    public boolean isReady() {
        return over || coordinator().isReady();
    }

    @Override
    public void onClientReady() {
        requestIfReady();
    }

    private synchronized void requestIfReady() {
        if (owesRequest && !over && client.isReady()) {
            owesRequest = false;
            coordinator().request(1);
        }
    }

    @Override
    public void onGone() {
        if (!over) {
            over = true;
            coordinator().cancel("the member is gone", null);
        }
    }

    @Override
    public void onHalfClosed() {
        if (!over) {
            coordinator().onCompleted();
        }
    }

    @Override
    public void onNext(SessionResponse message) {
        if (over) {
            return;
        }
        client.onNext(message);
        synchronized (this) {
            owesRequest = true;
        }
        requestIfReady();
    }

    @Override
    public void onError(Throwable failure) {
        if (!over) {
            over = true;
            client.onError(RejectionCodec.toStatus(RejectionCodec.fromThrowable(failure)));
        }
    }

    @Override
    public void onCompleted() {
        if (!over) {
            over = true;
            client.onCompleted();
        }
    }
}
