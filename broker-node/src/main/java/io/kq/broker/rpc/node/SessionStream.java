package io.kq.broker.rpc.node;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.internal.v1.BrokerHeartbeat;
import io.kq.internal.v1.SessionRequest;
import io.kq.internal.v1.SessionResponse;
import io.kq.metadata.controller.BrokerSessions;
import io.kq.metadata.controller.BrokerSessions.HeartbeatAnswer;
import io.kq.metadata.decision.Registration;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import org.jspecify.annotations.Nullable;

/**
 * The controller's end of one broker's session. Requests come in order on the stream's event loop;
 * answers come from the controller's thread; the lock orders what is sent.
 */
final class SessionStream implements StreamObserver<SessionRequest> {

    private static final long NO_EPOCH = -1;

    private final BrokerSessions sessions;
    private final ServerCallStreamObserver<SessionResponse> observer;
    private final Object lock = new Object();

    private @Nullable Registration registration;

    /** Set when the registration was taken. Guarded by the lock. */
    private long brokerEpoch = NO_EPOCH;

    /**
     * The broker was told that it may stop: its stream's end is its leaving. Guarded by the lock.
     */
    private boolean letGo;

    /** Nothing may be sent any more. Guarded by the lock. */
    private boolean ended;

    SessionStream(BrokerSessions sessions, ServerCallStreamObserver<SessionResponse> observer) {
        this.sessions = sessions;
        this.observer = observer;
        observer.setOnCancelHandler(this::broken);
    }

    @Override
    public void onNext(SessionRequest request) {
        switch (request.getMessageCase()) {
            case REGISTRATION -> register(RegistrationCodec.fromProto(request.getRegistration()));
            case HEARTBEAT -> heartbeat(request.getHeartbeat());
            case MESSAGE_NOT_SET -> {
                // A message of a newer version: nothing that this one could answer.
            }
        }
    }

    @Override
    public void onError(Throwable broken) {
        broken();
    }

    @Override
    public void onCompleted() {
        broken();
        synchronized (lock) {
            if (!ended) {
                ended = true;
                observer.onCompleted();
            }
        }
    }

    private void register(Registration said) {
        if (registration != null) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT,
                    "a session is registered once, with its first word");
        }
        registration = said;
        var unused =
                sessions.register(said)
                        .whenComplete(
                                (epoch, failure) -> {
                                    if (failure != null) {
                                        fail(failure);
                                    } else {
                                        registered(said.brokerId(), epoch);
                                    }
                                });
    }

    private void registered(int brokerId, long epoch) {
        boolean gone;
        synchronized (lock) {
            brokerEpoch = epoch;
            gone = ended;
        }
        if (gone) {
            sessions.streamBroken(brokerId, epoch);
        } else {
            answer(brokerId, epoch, -1, false);
        }
    }

    private void heartbeat(BrokerHeartbeat said) {
        Registration registered = registration;
        if (registered == null) {
            throw new RejectedException(
                    ErrorCode.INVALID_ARGUMENT, "a session begins with a registration");
        }
        answer(
                registered.brokerId(),
                said.getBrokerEpoch(),
                said.getAppliedIndex(),
                said.getWantsShutdown());
    }

    private void answer(int brokerId, long epoch, long appliedIndex, boolean wantsShutdown) {
        var unused =
                sessions.heartbeat(brokerId, epoch, appliedIndex, wantsShutdown)
                        .whenComplete(
                                (answer, failure) -> {
                                    if (failure != null) {
                                        fail(failure);
                                    } else {
                                        send(epoch, answer);
                                    }
                                });
    }

    private void send(long epoch, HeartbeatAnswer answer) {
        synchronized (lock) {
            if (!ended) {
                letGo |= answer.mayShutDown();
                observer.onNext(
                        SessionResponse.newBuilder()
                                .setTerm(answer.term())
                                .setBrokerEpoch(epoch)
                                .setFenced(answer.fenced())
                                .setMayShutDown(answer.mayShutDown())
                                .build());
            }
        }
    }

    private void fail(Throwable failure) {
        synchronized (lock) {
            if (!ended) {
                ended = true;
                observer.onError(failure);
            }
        }
    }

    private void broken() {
        Registration registered = registration;
        long epoch;
        boolean goesAsAgreed;
        synchronized (lock) {
            if (ended) {
                return;
            }
            ended = true;
            epoch = brokerEpoch;
            goesAsAgreed = letGo;
        }
        if (registered == null || epoch == NO_EPOCH) {
            return;
        }
        if (goesAsAgreed) {
            sessions.left(registered.brokerId(), epoch);
        } else {
            sessions.streamBroken(registered.brokerId(), epoch);
        }
    }
}
