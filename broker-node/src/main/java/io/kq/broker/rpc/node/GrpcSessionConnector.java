package io.kq.broker.rpc.node;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.kq.broker.membership.SessionConnector;
import io.kq.broker.rpc.NodeChannels;
import io.kq.internal.v1.BrokerHeartbeat;
import io.kq.internal.v1.ControllerServiceGrpc;
import io.kq.internal.v1.SessionRequest;
import io.kq.internal.v1.SessionResponse;
import io.kq.metadata.decision.Registration;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sessions over the node port; this node's own controller is reached the same way. */
public final class GrpcSessionConnector implements SessionConnector {

    private final NodeChannels channels;

    public GrpcSessionConnector(NodeChannels channels) {
        this.channels = channels;
    }

    @Override
    public Session connect(int controllerId, Registration registration, Listener listener) {
        Optional<Channel> channel = channels.toNode(controllerId);
        if (channel.isEmpty()) {
            listener.onEnd(
                    new RejectedException(
                            ErrorCode.UNREACHABLE, "no address of node " + controllerId));
            return new Stream(listener);
        }
        Stream stream = new Stream(listener);
        Context.ROOT.run(
                () ->
                        ClientCalls.asyncBidiStreamingCall(
                                channel.get()
                                        .newCall(
                                                ControllerServiceGrpc.getSessionMethod(),
                                                CallOptions.DEFAULT),
                                stream));
        stream.send(
                SessionRequest.newBuilder()
                        .setRegistration(RegistrationCodec.toProto(registration))
                        .build());
        return stream;
    }

    /** The broker's end of one session. */
    private static final class Stream
            implements Session, ClientResponseObserver<SessionRequest, SessionResponse> {

        private final Listener listener;
        private volatile @Nullable ClientCallStreamObserver<SessionRequest> requests;
        private volatile boolean ended;

        Stream(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<SessionRequest> stream) {
            requests = stream;
        }

        @Override
        public void heartbeat(long brokerEpoch, long appliedIndex, boolean wantsShutdown) {
            send(
                    SessionRequest.newBuilder()
                            .setHeartbeat(
                                    BrokerHeartbeat.newBuilder()
                                            .setBrokerEpoch(brokerEpoch)
                                            .setAppliedIndex(appliedIndex)
                                            .setWantsShutdown(wantsShutdown))
                            .build());
        }

        @Override
        public void close() {
            ended = true;
            ClientCallStreamObserver<SessionRequest> stream = requests;
            if (stream != null) {
                stream.cancel("the session is over", null);
            }
        }

        @Override
        public void onNext(SessionResponse said) {
            listener.onAnswer(
                    new Answer(
                            said.getTerm(),
                            said.getBrokerEpoch(),
                            said.getFenced(),
                            said.getMayShutDown()));
        }

        @Override
        public void onError(Throwable failure) {
            end(RejectionCodec.fromThrowable(failure));
        }

        @Override
        public void onCompleted() {
            end(new RejectedException(ErrorCode.NOT_READY, "the controller ended the session"));
        }

        private synchronized void send(SessionRequest request) {
            ClientCallStreamObserver<SessionRequest> stream = requests;
            // A controller that takes nothing any more is silent: the lifecycle leaves it in time.
            if (!ended && stream != null) {
                stream.onNext(request);
            }
        }

        private void end(RejectedException why) {
            ended = true;
            listener.onEnd(why);
        }
    }
}
