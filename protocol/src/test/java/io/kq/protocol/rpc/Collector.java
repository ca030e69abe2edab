package io.kq.protocol.rpc;

import io.grpc.stub.StreamObserver;
import io.kq.runtime.Eventually;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps what a stream gave, for a test to wait for. */
public final class Collector<T> implements StreamObserver<T> {

    private final List<T> values = new CopyOnWriteArrayList<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    @Override
    public void onNext(T value) {
        values.add(value);
    }

    @Override
    public void onError(Throwable t) {
        failure.set(t);
    }

    @Override
    public void onCompleted() {}

    /** The first {@code count} values, once they are there. */
    public List<T> await(int count) {
        Eventually.eventually(
                count + " messages, failure " + failure.get(),
                () -> values.size() >= count || failure.get() != null);
        if (values.size() < count) {
            throw new AssertionError(failure.get());
        }
        return values.subList(0, count);
    }

    /** The stream's failure, once it failed. */
    public Throwable awaitFailure() {
        Eventually.eventually("failure", () -> failure.get() != null);
        return Objects.requireNonNull(failure.get());
    }
}
