package io.kq.metadata;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.publish.ImagePublisher;
import io.kq.runtime.EventLoop;
import io.kq.runtime.FaultHandler;

/**
 * The metadata of a node through all its changes of where it comes from: a node that becomes a
 * voter has it from its own log from then on, one that is none any more from another node's feed.
 * While it changes there are two sources. Both tell of the same agreed state, so the newer one
 * counts, and subscribers never go back (invariant M9). Any thread.
 */
public final class MetadataRelay implements MetadataSource, AutoCloseable {

    private final EventLoop loop;
    private final ImagePublisher publisher;
    private volatile Controller controller = Controller.NONE;

    /**
     * @param faults told of a subscriber that throws
     */
    public MetadataRelay(FaultHandler faults) {
        this.loop = EventLoop.start("kq-metadata", faults);
        this.publisher = new ImagePublisher(loop);
    }

    /**
     * Takes what {@code source} tells. The answer ends that; the source itself is closed by whoever
     * made it.
     */
    public Runnable attach(MetadataSource source) {
        Attachment attachment = new Attachment();
        source.subscribe(attachment::onUpdate);
        source.subscribeController(attachment::onController);
        return () -> attachment.ended = true;
    }

    /** One source. */
    private final class Attachment {

        private volatile boolean ended;

        void onUpdate(MetadataDelta delta) {
            if (!ended) {
                MetadataRelay.this.onUpdate(delta);
            }
        }

        void onController(Controller told) {
            if (!ended) {
                MetadataRelay.this.onController(told);
            }
        }
    }

    private synchronized void onUpdate(MetadataDelta delta) {
        MetadataImage known = publisher.image();
        MetadataImage next = delta.after();
        if (next.index() > known.index()) {
            publisher.publish(
                    delta.before().index() == known.index()
                            ? delta
                            : MetadataDelta.between(known, next));
        }
    }

    /**
     * Of one term there is one controller: who knows it counts, and who does not know it any more.
     */
    private synchronized void onController(Controller told) {
        if (told.term() >= controller.term() && !told.equals(controller)) {
            controller = told;
            publisher.publishController(told.nodeId(), told.term());
        }
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

    /** Ends the thread that tells subscribers. */
    @Override
    public void close() {
        loop.close();
    }
}
