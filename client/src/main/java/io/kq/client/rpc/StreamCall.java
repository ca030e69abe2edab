package io.kq.client.rpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.kq.client.metadata.NodeAddress;
import java.time.Duration;

/**
 * A streaming call whose events arrive on the client's loop, in order, and stop at its end. Ends by
 * itself if no connection is had in time. On the loop.
 */
public final class StreamCall<Q, A> {

    /** A connection that is not ready for the call after this has failed. */
    private static final Duration CONNECT_MAX = Duration.ofMillis(2_500);

    /** Told on the loop. */
    public interface Events<A> {
        /** More can be sent without waiting, for the first time or again. */
        void onReady();

        /** One message; {@link StreamCall#request} asks for more. */
        void onMessage(A message);

        /** A message that came after the end. */
        void onDropped(A message);

        /** The last call. */
        void onEnded(boolean wasReady, CallFailure failure);
    }

    private final ClientLoop loop;
    private final NodeChannels channels;
    private final NodeAddress address;
    private final Events<A> events;
    private final ClientCall<Q, A> call;
    private boolean wasReady;
    private boolean over;

    private StreamCall(
            ClientLoop loop,
            NodeChannels channels,
            NodeAddress address,
            MethodDescriptor<Q, A> method,
            Events<A> events) {
        this.loop = loop;
        this.channels = channels;
        this.address = address;
        this.events = events;
        ManagedChannel channel = channels.channel(address);
        this.call = channel.newCall(method, CallOptions.DEFAULT);
    }

    /** Starts a call; events follow later, never within this method. */
    public static <Q, A> StreamCall<Q, A> start(
            ClientLoop loop,
            NodeChannels channels,
            NodeAddress address,
            MethodDescriptor<Q, A> method,
            Events<A> events) {
        StreamCall<Q, A> stream = new StreamCall<>(loop, channels, address, method, events);
        stream.call.start(stream.new Listener(), channels.headers());
        loop.schedule(CONNECT_MAX, stream::checkConnected);
        return stream;
    }

    private void checkConnected() {
        if (!over && !wasReady) {
            end(CallFailure.silent());
            call.cancel("the connection is not ready", null);
        }
    }

    boolean isReady() {
        return !over && wasReady && call.isReady();
    }

    public void send(Q message) {
        call.sendMessage(message);
    }

    public void halfClose() {
        call.halfClose();
    }

    public void request(int messages) {
        call.request(messages);
    }

    /** Ends the call; no event follows. */
    public void cancel() {
        if (!over) {
            over = true;
            call.cancel("not needed any more", null);
        }
    }

    private void end(CallFailure failure) {
        over = true;
        if (!wasReady) {
            channels.discard(address);
        }
        events.onEnded(wasReady, failure);
    }

    /** Called by gRPC: on the loop as a rule, elsewhere when it gives up on a connection. */
    private final class Listener extends ClientCall.Listener<A> {

        @Override
        public void onReady() {
            later(
                    () -> {
                        if (!over) {
                            wasReady = true;
                            events.onReady();
                        }
                    });
        }

        @Override
        public void onMessage(A message) {
            loop.run(
                    () -> {
                        if (over) {
                            events.onDropped(message);
                        } else {
                            wasReady = true;
                            events.onMessage(message);
                        }
                    });
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            later(
                    () -> {
                        if (!over) {
                            end(CallFailure.of(status, trailers, wasReady));
                        }
                    });
        }

        /** In a task of its own: gRPC may call from within a method that the loop just called. */
        private void later(Runnable event) {
            loop.submit(event);
        }
    }
}
