package io.kq.client.rpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.kq.client.metadata.AttemptLog;
import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One call until its end. Rounds over all addresses: while none has answered, a pause follows each
 * round and the search ends after {@link #SEARCH_MAX}; a refusal that is retriable is repeated with
 * growing pauses until the call's whole time is up. On the loop.
 */
final class UnaryCall<Q, A> {

    /** Longest search for a node that answers. */
    static final Duration SEARCH_MAX = Duration.ofSeconds(5);

    /** Pauses after rounds in which no address answered; after the last one the search is over. */
    private static final List<Duration> SEARCH_PAUSES =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(3));

    /** After this a connection that is not ready for calls has failed. */
    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private static final Duration REFUSED_PAUSE_MIN = Duration.ofMillis(50);
    private static final Duration REFUSED_PAUSE_MAX = Duration.ofSeconds(1);

    private final UnaryCalls calls;
    private final MethodDescriptor<Q, A> method;
    private final Q request;
    private final String requestId;
    private final CompletableFuture<A> result = new CompletableFuture<>();
    private final AttemptLog failures = new AttemptLog();
    private long startNanos;

    /** Addresses of the present round, and the next one of them. */
    private List<NodeAddress> round = List.of();

    private int next;
    private int emptyRounds;
    private int refusals;
    private boolean maybeDone;

    /**
     * Time in which a node was connected and did not answer: not a search, and what it took must
     * not be missing to connect to the next one.
     */
    private Duration awaited = Duration.ZERO;

    /** The last refusal of a node; the reason to give when time is up. */
    private @Nullable RejectedException refusal;

    UnaryCall(UnaryCalls calls, MethodDescriptor<Q, A> method, Q request, String requestId) {
        this.calls = calls;
        this.method = method;
        this.request = request;
        this.requestId = requestId;
    }

    CompletableFuture<A> result() {
        return result;
    }

    void start() {
        startNanos = calls.nanoTime();
        newRound();
    }

    /**
     * A step of this call, as a task: a bug in it ends the call, or somebody would wait for ever.
     */
    Runnable step(Runnable step) {
        return () -> {
            try {
                step.run();
            } catch (Throwable bug) {
                result.completeExceptionally(bug);
                throw bug;
            }
        };
    }

    private void later(Duration pause, Runnable step) {
        calls.loop().schedule(pause, step(step));
    }

    private void newRound() {
        round = calls.addresses();
        next = 0;
        send();
    }

    private Duration elapsed() {
        return Duration.ofNanos(calls.nanoTime() - startNanos);
    }

    private Duration left() {
        return calls.timeout().minus(elapsed());
    }

    private Duration searchLeft() {
        Duration bound = SEARCH_MAX.compareTo(calls.timeout()) < 0 ? SEARCH_MAX : calls.timeout();
        return bound.minus(elapsed()).plus(awaited);
    }

    /** Time for the answer of one attempt: leaves some for another node where there is one. */
    private Duration attemptMax() {
        return round.size() == 1 ? left() : left().dividedBy(2);
    }

    private Duration connectMax() {
        Duration share = searchLeft().dividedBy(round.size());
        return share.compareTo(CONNECT_MAX) < 0 ? share : CONNECT_MAX;
    }

    private void send() {
        if (next >= round.size()) {
            newRound();
            return;
        }
        NodeAddress address = round.get(next++);
        ManagedChannel channel = calls.channels().channel(address);
        CallOptions options =
                CallOptions.DEFAULT.withDeadlineAfter(attemptMax().toNanos(), TimeUnit.NANOSECONDS);
        ClientCall<Q, A> call = channel.newCall(method, options);
        Attempt listener = new Attempt(address, call);
        call.start(listener, calls.headers(requestId));
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
        calls.loop()
                .schedule(
                        connectMax(),
                        () -> {
                            if (!listener.over
                                    && channel.getState(false) != ConnectivityState.READY) {
                                listener.silent = true;
                                call.cancel("the connection is not ready", null);
                            }
                        });
    }

    private void failed(NodeAddress address, CallFailure failure) {
        maybeDone |= !failure.rejection().definite();
        if (failure.answered()) {
            calls.answered(address);
            refused(failure.rejection());
            return;
        }
        calls.channels().discard(address);
        failures.failed(address, failure.rejection().getMessage());
        if (next < round.size() && !left().isNegative()) {
            send();
        } else if (refusal == null) {
            searchAgain();
        } else {
            again(refusal);
        }
    }

    private void searchAgain() {
        boolean over = emptyRounds == SEARCH_PAUSES.size();
        if (over || SEARCH_PAUSES.get(emptyRounds).compareTo(searchLeft()) >= 0) {
            result.completeExceptionally(failures.unreachable(elapsed(), !maybeDone));
            return;
        }
        later(SEARCH_PAUSES.get(emptyRounds), this::newRound);
        emptyRounds++;
    }

    private void refused(RejectedException rejection) {
        refusal = rejection;
        if (rejection.code().isRetriable()) {
            again(rejection);
        } else {
            result.completeExceptionally(maybeDone ? rejection.indefinite() : rejection);
        }
    }

    /** After a refusal that another node, or the same one later, may not repeat. */
    private void again(RejectedException rejection) {
        Duration pause = REFUSED_PAUSE_MIN.multipliedBy(1L << Math.min(refusals, 10));
        pause = pause.compareTo(REFUSED_PAUSE_MAX) < 0 ? pause : REFUSED_PAUSE_MAX;
        refusals++;
        if (pause.compareTo(left()) >= 0) {
            result.completeExceptionally(maybeDone ? rejection.indefinite() : rejection);
        } else {
            boolean roundIsOver = next >= round.size();
            later(pause, roundIsOver ? this::newRound : this::send);
        }
    }

    private void timedOut(NodeAddress address) {
        maybeDone = true;
        failures.failed(address, "no answer");
        if (left().toMillis() > 1 && next < round.size()) {
            send();
            return;
        }
        result.completeExceptionally(
                new RejectedException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "no answer from "
                                + address
                                + " within "
                                + elapsed().toMillis() / 1000.0
                                + " s.",
                        false,
                        Map.of()));
    }

    /** What one attempt is told, on the loop or where gRPC gave up before it had a connection. */
    private final class Attempt extends ClientCall.Listener<A> {

        private final NodeAddress address;
        private final ClientCall<Q, A> call;
        private final long beganNanos = calls.nanoTime();
        private @Nullable A answer;
        private boolean over;
        private boolean silent;

        Attempt(NodeAddress address, ClientCall<Q, A> call) {
            this.address = address;
            this.call = call;
        }

        /** A call is given an address once it is on a connection that is ready. */
        private boolean isConnected() {
            return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) != null;
        }

        @Override
        public void onMessage(A message) {
            answer = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            calls.loop().run(step(() -> closed(status, trailers)));
        }

        private void closed(Status status, Metadata trailers) {
            over = true;
            if (isConnected()) {
                awaited = awaited.plusNanos(calls.nanoTime() - beganNanos);
            }
            A message = answer;
            if (status.isOk() && message != null) {
                calls.answered(address);
                result.complete(message);
            } else if (silent) {
                failed(address, CallFailure.silent());
            } else {
                CallFailure failure = CallFailure.of(status, trailers, isConnected());
                if (!failure.answered()
                        && failure.rejection().code() == ErrorCode.DEADLINE_EXCEEDED) {
                    timedOut(address);
                } else {
                    failed(address, failure);
                }
            }
        }
    }
}
