package io.kq.broker.rpc.log;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.ProducerIds;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.FetchOnceRequest;
import io.kq.v1.FetchOnceResponse;
import io.kq.v1.InitProducerRequest;
import io.kq.v1.InitProducerResponse;
import io.kq.v1.ListOffsetsRequest;
import io.kq.v1.ListOffsetsResponse;
import io.kq.v1.LogServiceGrpc;
import io.kq.v1.ProduceOnceRequest;
import io.kq.v1.ProduceOnceResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** The methods of the log service that have one request and one answer. */
final class UnaryMethods extends LogServiceGrpc.LogServiceImplBase {

    private final LogRooms rooms;
    private final ProducerIds producerIds;

    UnaryMethods(LogRooms rooms, ProducerIds producerIds) {
        this.rooms = rooms;
        this.producerIds = producerIds;
    }

    @Override
    public void produceOnce(
            ProduceOnceRequest request, StreamObserver<ProduceOnceResponse> observer) {
        CallOrigin origin = CallOrigin.current();
        InflightBudget.Share share = rooms.budget().open(origin.connection());
        respond(
                () ->
                        ProduceOnceCall.start(rooms, origin, share, request)
                                .whenComplete((done, failure) -> share.close()),
                observer);
    }

    @Override
    public void fetchOnce(FetchOnceRequest request, StreamObserver<FetchOnceResponse> observer) {
        respond(() -> FetchOnceCall.start(rooms, CallOrigin.current(), request), observer);
    }

    @Override
    public void listOffsets(
            ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> observer) {
        respond(() -> ListOffsetsCall.start(rooms, CallOrigin.current(), request), observer);
    }

    @Override
    public void initProducer(
            InitProducerRequest request, StreamObserver<InitProducerResponse> observer) {
        respond(
                () ->
                        producerIds
                                .next()
                                .thenApply(
                                        id ->
                                                InitProducerResponse.newBuilder()
                                                        .setProducerId(id)
                                                        .setProducerEpoch(0)
                                                        .build()),
                observer);
    }

    /** Answers with what {@code start} leads to; the client's cancelling cancels it. */
    private static <A> void respond(
            Supplier<CompletableFuture<A>> start, StreamObserver<A> observer) {
        CompletableFuture<A> answer;
        try {
            answer = start.get();
        } catch (RuntimeException failure) {
            fail(observer, failure);
            return;
        }
        ((ServerCallStreamObserver<A>) observer).setOnCancelHandler(() -> answer.cancel(false));
        CompletableFuture<?> unused =
                answer.whenComplete(
                        (value, failure) -> {
                            if (answer.isCancelled()) {
                                return;
                            }
                            if (failure != null) {
                                fail(observer, failure);
                            } else {
                                observer.onNext(value);
                                observer.onCompleted();
                            }
                        });
    }

    /** What is no refusal is a bug: left as it is, for the server's guard to log. */
    private static void fail(StreamObserver<?> observer, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null
                        ? failure.getCause()
                        : failure;
        observer.onError(
                cause instanceof RejectedException refused
                        ? RejectionCodec.toStatus(refused)
                        : cause);
    }
}
