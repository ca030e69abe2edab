package io.kq.broker.rpc;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * From futures to answers. Failures are passed on as they are: the server's guard turns a refusal
 * into its status and anything else into INTERNAL.
 */
public final class Answers {

    private Answers() {}

    /** Answers a unary call with what {@code work} comes to. */
    public static <T, R> void unary(
            StreamObserver<R> observer,
            Supplier<CompletableFuture<T>> work,
            Function<T, R> answer) {
        var unused =
                work.get()
                        .whenComplete(
                                (value, failure) -> {
                                    if (failure != null) {
                                        observer.onError(failure);
                                        return;
                                    }
                                    R built;
                                    try {
                                        built = answer.apply(value);
                                    } catch (RuntimeException bugOrRefusal) {
                                        observer.onError(bugOrRefusal);
                                        return;
                                    }
                                    one(observer, built);
                                });
    }

    /** Answers a unary call at once. */
    public static <R> void one(StreamObserver<R> observer, R answer) {
        observer.onNext(answer);
        observer.onCompleted();
    }
}
