package io.kq.metadata;

import static io.kq.runtime.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.MetadataSource.Controller;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Invariant M9 over changes of where the metadata comes from. */
class MetadataRelayTest {

    private final Collection<Throwable> faults = new ConcurrentLinkedQueue<>();
    private final MetadataRelay relay = new MetadataRelay((where, cause) -> faults.add(cause));

    @AfterEach
    void noFaults() {
        relay.close();
        assertThat(faults).isEmpty();
    }

    /** Tells what it is told to. */
    private static final class Source implements MetadataSource {
        private final List<MetadataSubscriber> subscribers = new ArrayList<>();
        private final List<ControllerSubscriber> listeners = new ArrayList<>();
        private MetadataImage image = MetadataImage.EMPTY;

        void at(long index) {
            MetadataImage before = image;
            image = before.at(index, 1);
            subscribers.forEach(s -> s.onUpdate(MetadataDelta.between(before, image)));
        }

        void controls(int nodeId, long term) {
            listeners.forEach(s -> s.onController(new Controller(nodeId, term)));
        }

        @Override
        public MetadataImage image() {
            return image;
        }

        @Override
        public Controller controller() {
            return Controller.NONE;
        }

        @Override
        public AutoCloseable subscribe(MetadataSubscriber subscriber) {
            subscribers.add(subscriber);
            return () -> {};
        }

        @Override
        public AutoCloseable subscribeController(ControllerSubscriber subscriber) {
            listeners.add(subscriber);
            return () -> {};
        }
    }

    @Test
    void newerSourceCountsAndNobodyGoesBack() {
        Collection<MetadataDelta> told = new ConcurrentLinkedQueue<>();
        relay.subscribe(told::add);
        Source feed = new Source();
        Source log = new Source();
        Runnable ended = relay.attach(feed);
        relay.attach(log);
        feed.at(5);
        log.at(1);
        log.at(4);
        assertThat(relay.image().index()).isEqualTo(5);
        log.at(7);
        feed.at(6);
        ended.run();
        feed.at(9);
        log.at(8);
        assertThat(relay.image().index()).isEqualTo(8);
        eventually("all are told", () -> told.size() == 4);
        MetadataImage before = MetadataImage.EMPTY;
        for (MetadataDelta delta : told) {
            assertThat(delta.before().index()).isEqualTo(before.index());
            before = delta.after();
        }
    }

    @Test
    void controllerOfAnOlderTermIsNone() {
        Source feed = new Source();
        Source log = new Source();
        relay.attach(feed);
        relay.attach(log);
        feed.controls(1, 4);
        log.controls(-1, 0);
        assertThat(relay.controller()).isEqualTo(new Controller(1, 4));
        log.controls(2, 5);
        feed.controls(1, 4);
        assertThat(relay.controller()).isEqualTo(new Controller(2, 5));
    }
}
