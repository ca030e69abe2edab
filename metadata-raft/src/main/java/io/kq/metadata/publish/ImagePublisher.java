package io.kq.metadata.publish;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.runtime.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Tells subscribers of each new image, in order, on one loop. {@link #image} is newer than, or as
 * new as, what subscribers were told: an answer that waited for an entry to be applied finds it
 * there.
 *
 * <p>A subscriber that is slow holds up the others but no memory: deltas that pile up become one.
 */
public final class ImagePublisher {

    /** More deltas than that wait: they become one, compared from scratch. */
    private static final int PENDING_MAX = 1_000;

    private final EventLoop loop;

    /** With all entries that were handed in. Written by whoever applies. */
    private volatile MetadataImage image = MetadataImage.EMPTY;

    /** Handed in and not told. Guarded by itself. */
    private final Deque<MetadataDelta> pending = new ArrayDeque<>();

    /** The last image that subscribers were told of. Loop only. */
    private MetadataImage told = MetadataImage.EMPTY;

    private int controllerId = -1;
    private long controllerTerm;

    private final List<Consumer<MetadataDelta>> subscribers = new ArrayList<>();
    private final List<ControllerListener> controllerListeners = new ArrayList<>();

    public ImagePublisher(EventLoop loop) {
        this.loop = loop;
    }

    /** The newest image. Any thread. */
    public MetadataImage image() {
        return image;
    }

    /**
     * Takes the next image. One thread at a time; {@code delta.before()} is the one taken before.
     */
    public void publish(MetadataDelta delta) {
        image = delta.after();
        boolean wake;
        synchronized (pending) {
            wake = pending.isEmpty();
            if (pending.size() >= PENDING_MAX) {
                MetadataImage oldest = pending.getFirst().before();
                pending.clear();
                pending.add(MetadataDelta.between(oldest, delta.after()));
            } else {
                pending.add(delta);
            }
        }
        if (wake) {
            loop.submit(this::tell);
        }
    }

    /** Who controls now. Any thread. */
    public void publishController(int nodeId, long term) {
        loop.submit(
                () -> {
                    if (nodeId != controllerId || term != controllerTerm) {
                        controllerId = nodeId;
                        controllerTerm = term;
                        List.copyOf(controllerListeners)
                                .forEach(listener -> listener.onController(nodeId, term));
                    }
                });
    }

    /**
     * Adds a subscriber, which is told of the present image first. Closing the handle ends that;
     * what is being told at the time may still come.
     */
    public AutoCloseable subscribe(Consumer<MetadataDelta> subscriber) {
        loop.submit(
                () -> {
                    subscribers.add(subscriber);
                    subscriber.accept(MetadataDelta.between(MetadataImage.EMPTY, told));
                });
        return () -> loop.submit(() -> subscribers.remove(subscriber));
    }

    /** The same for who controls. */
    public AutoCloseable subscribeController(ControllerListener listener) {
        loop.submit(
                () -> {
                    controllerListeners.add(listener);
                    listener.onController(controllerId, controllerTerm);
                });
        return () -> loop.submit(() -> controllerListeners.remove(listener));
    }

    private void tell() {
        while (true) {
            MetadataDelta delta;
            synchronized (pending) {
                delta = pending.poll();
            }
            if (delta == null) {
                return;
            }
            told = delta.after();
            for (Consumer<MetadataDelta> subscriber : List.copyOf(subscribers)) {
                subscriber.accept(delta);
            }
        }
    }
}
