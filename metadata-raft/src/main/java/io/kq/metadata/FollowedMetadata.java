package io.kq.metadata;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.FeedItem;
import io.kq.metadata.publish.FollowedImage;
import io.kq.metadata.publish.ImagePublisher;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;

/**
 * The metadata of a node that is not a voter: applies what a voter's feed sends. {@link #onItem}
 * and {@link #onStreamEnd} are called by one thread at a time (the stream's); the rest by any.
 */
public final class FollowedMetadata implements MetadataSource, AutoCloseable {

    private final EventLoop loop;
    private final ImagePublisher publisher;
    private final FollowedImage followed;
    private volatile Controller controller = Controller.NONE;

    /**
     * @param known what this node has applied so far; {@link MetadataImage#EMPTY} at its start
     * @param faults told of a subscriber that throws
     */
    public FollowedMetadata(MetadataImage known, FaultHandler faults) {
        this.followed = new FollowedImage(known);
        this.loop = EventLoop.start("kq-metadata-publish", faults);
        this.publisher = new ImagePublisher(loop);
        publisher.publish(MetadataDelta.between(MetadataImage.EMPTY, known));
    }

    /**
     * Takes the next item of the stream.
     *
     * @throws io.kq.protocol.RejectedException NOT_READY: the stream goes back behind what was
     *     applied (invariant M9); drop it and follow another voter from {@link #image}
     */
    public void onItem(FeedItem item) {
        followed.apply(item).ifPresent(publisher::publish);
        // A voter that lags may not know yet who controls: it never takes anybody back in time.
        if (item.controllerTerm() >= controller.term()
                && !(item.controllerId() == controller.nodeId()
                        && item.controllerTerm() == controller.term())) {
            controller = new Controller(item.controllerId(), item.controllerTerm());
            publisher.publishController(item.controllerId(), item.controllerTerm());
        }
    }

    /** The stream ended: parts of an image that is not whole are dropped, the rest stays. */
    public void onStreamEnd() {
        followed.onStreamEnd();
    }

    @Override
    public MetadataImage image() {
        return publisher.image();
    }

    @Override
    public Controller controller() {
        return controller;
    }

    @Override
    public AutoCloseable subscribe(MetadataSubscriber subscriber) {
        return publisher.subscribe(subscriber::onUpdate);
    }

    @Override
    public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
        return publisher.subscribeController(
                (nodeId, term) -> subscriber.onController(new Controller(nodeId, term)));
    }

    /** Ends the publisher's thread. */
    @Override
    public void close() {
        loop.close();
    }
}
