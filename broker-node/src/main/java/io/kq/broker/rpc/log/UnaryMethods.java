package io.kq.broker.rpc.log;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.kq.broker.rpc.InflightBudget;
import io.kq.broker.rpc.ProducerIds;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.rpc.RejectionCodec;
import io.kq.v1.DeleteRecordsRequest;
import io.kq.v1.DeleteRecordsResponse;
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
import java.util.function.BiFunction;

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
        respond((origin, share) -> ProduceOnceCall.start(rooms, origin, share, request), observer);
    }

    @Override
    public void fetchOnce(FetchOnceRequest request, StreamObserver<FetchOnceResponse> observer) {
        respond((origin, share) -> FetchOnceCall.start(rooms, origin, request), observer);
    }

    @Override
    public void listOffsets(
            ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> observer) {
        respond((origin, share) -> ListOffsetsCall.start(rooms, origin, request), observer);
    }

    @Override
    public void deleteRecords(
            DeleteRecordsRequest request, StreamObserver<DeleteRecordsResponse> observer) {
        respond((origin, share) -> DeleteRecordsCall.start(rooms, origin, request), observer);
    }

    @Override
    public void initProducer(
            InitProducerRequest request, StreamObserver<InitProducerResponse> observer) {
        respond((origin, share) -> producerIds.next().thenApply(UnaryMethods::producer), observer);
    }

    private static InitProducerResponse producer(long id) {
        return InitProducerResponse.newBuilder().setProducerId(id).setProducerEpoch(0).build();
    }

    /**
     * Answers with what {@code start} leads to; the client's cancelling cancels it. The answer is
     * charged until the call is over, since it is held as long as the client does not read it.
     */
    private <A extends MessageLite> void respond(
            BiFunction<CallOrigin, InflightBudget.Share, CompletableFuture<A>> start,
            StreamObserver<A> observer) {
        CallOrigin origin = CallOrigin.current();
        InflightBudget.Share share = rooms.budget().open(origin.connection());
        ServerCallStreamObserver<A> call = (ServerCallStreamObserver<A>) observer;
        CompletableFuture<A> answer;
        try {
            answer = start.apply(origin, share);
        } catch (RuntimeException failure) {
            share.close();
            fail(observer, failure);
            return;
        }
        call.setOnCloseHandler(share::close);
        call.setOnCancelHandler(
                () -> {
                    answer.cancel(false);
                    share.close();
                });
        CompletableFuture<?> unused =
                answer.whenComplete(
                        (value, failure) -> {
                            if (answer.isCancelled()) {
                                return;
                            }
                            if (failure != null) {
                                fail(observer, failure);
                            } else if (!share.tryTake(value.getSerializedSize())) {
                                fail(observer, overloaded());
                            } else {
                                observer.onNext(value);
                                observer.onCompleted();
                            }
                        });
    }

    private static RejectedException overloaded() {
        return new RejectedException(
                        ErrorCode.OVERLOADED, "the node has too many answers that nobody reads")
                .indefinite();
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
