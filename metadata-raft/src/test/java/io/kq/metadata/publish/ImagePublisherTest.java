package io.kq.metadata.publish;

import static io.kq.metadata.image.Images.apply;
import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.withBrokers;
import static org.assertj.core.api.Assertions.assertThat;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ImagePublisherTest {

    private final ManualEventLoop loop = new ManualEventLoop(new ManualClock());
    private final ImagePublisher publisher = new ImagePublisher(loop);
    private final List<MetadataDelta> told = new ArrayList<>();

    private MetadataImage publishTopic(MetadataImage image, int number) {
        MetadataDelta delta = apply(image, topic(new UUID(1, number), "t" + number, 1, 0));
        publisher.publish(delta);
        return delta.after();
    }

    private MetadataImage publishFirst() {
        MetadataDelta first = MetadataDelta.between(MetadataImage.EMPTY, withBrokers(0).at(1, 1));
        publisher.publish(first);
        return first.after();
    }

    @Test
    void imageIsThereBeforeSubscribersAreTold() {
        publisher.subscribe(told::add);
        MetadataImage image = publishFirst();
        assertThat(publisher.image()).isEqualTo(image);
        assertThat(told).isEmpty();
        loop.runDue();
        assertThat(told).hasSize(2);
        assertThat(told.get(0).after()).isEqualTo(MetadataImage.EMPTY);
        assertThat(told.get(1).after()).isEqualTo(image);
    }

    @Test
    void newSubscriberIsToldOfEverythingAsOneDelta() {
        MetadataImage image = publishTopic(publishTopic(publishFirst(), 1), 2);
        loop.runDue();
        publisher.subscribe(told::add);
        loop.runDue();
        assertThat(told).hasSize(1);
        assertThat(told.get(0).before()).isEqualTo(MetadataImage.EMPTY);
        assertThat(told.get(0).after()).isEqualTo(image);
        assertThat(told.get(0).changedTopics()).containsExactly("t1", "t2");
        assertThat(told.get(0).changedBrokers()).containsExactly(0);
    }

    @Test
    void deltasFollowEachOtherWithoutGaps() {
        publisher.subscribe(told::add);
        MetadataImage image = publishFirst();
        for (int i = 0; i < 50; i++) {
            image = publishTopic(image, i);
            if (i % 7 == 0) {
                loop.runDue();
            }
        }
        loop.runDue();
        for (int i = 1; i < told.size(); i++) {
            assertThat(told.get(i).before()).isEqualTo(told.get(i - 1).after());
        }
        assertThat(told.get(told.size() - 1).after()).isEqualTo(image);
    }

    @Test
    void deltasThatPileUpBecomeOne() {
        publisher.subscribe(told::add);
        loop.runDue();
        told.clear();
        MetadataImage image = publishFirst();
        for (int i = 0; i < 1_500; i++) {
            image = publishTopic(image, i);
        }
        loop.runDue();
        assertThat(told).hasSizeLessThan(1_000);
        assertThat(told.get(0).before()).isEqualTo(MetadataImage.EMPTY);
        assertThat(told.get(told.size() - 1).after()).isEqualTo(image);
        assertThat(told.stream().mapToInt(d -> d.changedTopics().size()).sum()).isEqualTo(1_500);
    }

    @Test
    void closedSubscriberIsToldNothing() throws Exception {
        AutoCloseable handle = publisher.subscribe(told::add);
        loop.runDue();
        told.clear();
        handle.close();
        publishFirst();
        loop.runDue();
        assertThat(told).isEmpty();
    }

    @Test
    void controllerIsToldOnceForEachChange() {
        List<String> seen = new ArrayList<>();
        publisher.subscribeController((nodeId, term) -> seen.add(nodeId + "@" + term));
        publisher.publishController(2, 5);
        publisher.publishController(2, 5);
        publisher.publishController(-1, 6);
        loop.runDue();
        assertThat(seen).containsExactly("-1@0", "2@5", "-1@6");
    }
}
