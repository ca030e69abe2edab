package io.kq.broker.rpc.admin;

import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Waits until this node's own image shows what another node has already done, so that a client
 * reads its own writes also through a node that forwarded them. Any thread; never blocks.
 */
public final class ImageWaits implements AutoCloseable {

    private final MetadataSource metadata;
    private final EventLoop timers;
    private final AutoCloseable subscription;

    /** Guarded by itself. */
    private final List<Wait> waits = new ArrayList<>();

    private record Wait(Predicate<MetadataImage> shown, CompletableFuture<Boolean> done) {}

    /** Waits on {@code metadata}; their bounds are kept on {@code timers}. */
    public ImageWaits(MetadataSource metadata, EventLoop timers) {
        this.metadata = metadata;
        this.timers = timers;
        this.subscription = metadata.subscribe(this::onUpdate);
    }

    /** Completes with true once the image passes {@code shown}, with false after {@code bound}. */
    CompletableFuture<Boolean> until(Predicate<MetadataImage> shown, Duration bound) {
        if (shown.test(metadata.image())) {
            return CompletableFuture.completedFuture(true);
        }
        Wait wait = new Wait(shown, new CompletableFuture<>());
        synchronized (waits) {
            waits.add(wait);
        }
        // Again: the image may have come between the first look and the list.
        onImage(metadata.image());
        timers.schedule(bound, () -> giveUp(wait));
        return wait.done();
    }

    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("a subscription does not end", e);
        }
    }

    private void onUpdate(MetadataDelta delta) {
        onImage(delta.after());
    }

    private void onImage(MetadataImage image) {
        List<Wait> over = new ArrayList<>();
        synchronized (waits) {
            waits.removeIf(wait -> wait.shown().test(image) && over.add(wait));
        }
        over.forEach(wait -> wait.done().complete(true));
    }

    private void giveUp(Wait wait) {
        synchronized (waits) {
            waits.remove(wait);
        }
        wait.done().complete(false);
    }
}
