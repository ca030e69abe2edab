package io.kq.metadata;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;

/**
 * What every node has, voter or not: the newest image it applied, and who the active controller is.
 */
public interface MetadataSource {

    /** The newest published image. Any thread, no waiting. */
    MetadataImage image();

    /** The active controller as far as this node knows. Any thread. */
    Controller controller();

    /**
     * Adds a subscriber. It is called on one thread, in order: at once with a delta from {@link
     * MetadataImage#EMPTY} to the newest image, then with each change. The returned handle ends the
     * subscription.
     */
    AutoCloseable subscribe(MetadataSubscriber subscriber);

    /**
     * Adds a subscriber to who controls. It is called on the same thread, in order: at once with
     * the present controller, then with each change. The returned handle ends the subscription.
     */
    AutoCloseable subscribeController(ControllerSubscriber subscriber);

    /** Told who controls. Runs on the publisher's thread: must hand on what takes long. */
    @FunctionalInterface
    interface ControllerSubscriber {
        /** {@link Controller#NONE}'s node id: none is known now. */
        void onController(Controller controller);
    }

    /** Told of every change. Runs on the publisher's thread: must hand on what takes long. */
    @FunctionalInterface
    interface MetadataSubscriber {
        /** {@code delta.after()} is the image now. */
        void onUpdate(MetadataDelta delta);
    }

    /**
     * Who controls.
     *
     * @param nodeId -1: none known
     * @param term of the quorum; a controller of an older term is none
     */
    record Controller(int nodeId, long term) {
        public static final Controller NONE = new Controller(-1, 0);
    }
}
