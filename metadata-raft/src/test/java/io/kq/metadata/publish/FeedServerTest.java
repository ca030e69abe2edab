package io.kq.metadata.publish;

import static io.kq.metadata.image.Images.batch;
import static io.kq.metadata.image.Images.topic;
import static io.kq.metadata.image.Images.withBrokers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kq.metadata.image.ImageRecords;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.NoOp;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.ManualClock;
import io.kq.runtime.ManualEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FeedServerTest {

    private final ManualClock clock = new ManualClock();
    private final ManualEventLoop loop = new ManualEventLoop(clock);
    private final FeedServer server = new FeedServer(loop, 5, 1 << 20);
    private MetadataImage image = MetadataImage.EMPTY;

    /** A follower whose transport takes so many items. */
    private static final class Listener implements FeedListener {
        final List<FeedItem> items = new ArrayList<>();
        final FollowedImage followed = new FollowedImage(MetadataImage.EMPTY);
        int room = Integer.MAX_VALUE;
        boolean ended;

        @Override
        public boolean isReady() {
            return room > 0;
        }

        @Override
        public void onItem(FeedItem item) {
            room--;
            items.add(item);
            followed.apply(item);
        }

        @Override
        public void onEnd() {
            ended = true;
        }

        long count(Class<? extends FeedItem> kind) {
            return items.stream().filter(kind::isInstance).count();
        }
    }

    private void apply(MetadataRecord... records) {
        MetadataBatch batch = batch(image, 3, records);
        MetadataDelta delta = ImageTransition.apply(image, batch, image.index() + 2, 3);
        image = delta.after();
        server.onApplied(image, batch);
        loop.runDue();
    }

    private void start() {
        image = withBrokers(0).at(10, 2);
        server.onImageReplaced(image);
        loop.runDue();
    }

    private FeedSubscription follow(long index, Listener listener) {
        FeedSubscription subscription = server.follow(index, 2, listener);
        loop.runDue();
        return subscription;
    }

    @Test
    void newFollowerGetsTheImageAndThenEachBatch() {
        start();
        Listener listener = new Listener();
        follow(-1, listener);
        assertThat(listener.followed.image()).isEqualTo(image);
        apply(topic(new UUID(1, 1), "t", 1, 0));
        apply(new NoOp());
        assertThat(listener.count(FeedItem.Batch.class)).isEqualTo(2);
        assertThat(listener.followed.image()).isEqualTo(image);
    }

    @Test
    void followerThatIsALittleBehindGetsBatchesOnly() {
        start();
        Listener listener = new Listener();
        follow(-1, listener).close();
        loop.runDue();
        apply(new NoOp());
        apply(topic(new UUID(1, 1), "t", 1, 0));
        listener.items.clear();
        follow(listener.followed.image().index(), listener);
        assertThat(listener.count(FeedItem.ImagePart.class)).isZero();
        assertThat(listener.count(FeedItem.Batch.class)).isEqualTo(2);
        assertThat(listener.followed.image()).isEqualTo(image);
    }

    @Test
    void followerThatIsFarBehindGetsTheImage() {
        start();
        Listener listener = new Listener();
        follow(-1, listener).close();
        loop.runDue();
        for (int i = 0; i < 10; i++) {
            apply(new NoOp());
        }
        listener.items.clear();
        follow(listener.followed.image().index(), listener);
        assertThat(listener.count(FeedItem.ImagePart.class)).isEqualTo(1);
        assertThat(listener.followed.image()).isEqualTo(image);
    }

    @Test
    void slowFollowerIsSentNothingUntilItsTransportIsReadyAndMissesNothing() {
        start();
        Listener listener = new Listener();
        FeedSubscription subscription = follow(-1, listener);
        listener.room = 0;
        int sent = listener.items.size();
        for (int i = 0; i < 20; i++) {
            apply(topic(new UUID(1, i), "t" + i, 1, 0));
            clock.advance(Duration.ofSeconds(1));
            loop.runDue();
        }
        assertThat(listener.items).hasSize(sent);
        listener.room = 2;
        subscription.resume();
        loop.runDue();
        listener.room = Integer.MAX_VALUE;
        subscription.resume();
        loop.runDue();
        assertThat(listener.followed.image()).isEqualTo(image);
    }

    @Test
    void largeImageComesInParts() {
        image = withBrokers(0).at(10, 2);
        server.onImageReplaced(image);
        for (int i = 0; i < 40; i++) {
            MetadataBatch batch = batch(image, 3, topic(new UUID(1, i), "t" + i, 500, 0));
            image = ImageTransition.apply(image, batch, image.index() + 1, 3).after();
        }
        server.onImageReplaced(image);
        Listener listener = new Listener();
        listener.room = 3;
        FeedSubscription subscription = follow(-1, listener);
        apply(new NoOp());
        assertThat(listener.followed.image()).isEqualTo(MetadataImage.EMPTY);
        while (!listener.followed.image().equals(image)) {
            listener.room = 1;
            subscription.resume();
            loop.runDue();
        }
        assertThat(listener.count(FeedItem.ImagePart.class)).isGreaterThan(3);
        assertThat(listener.count(FeedItem.Batch.class)).isEqualTo(1);
    }

    @Test
    void followerThatIsAheadOfALaggingVoterWaitsForIt() {
        start();
        Listener listener = new Listener();
        follow(14, listener);
        apply(new NoOp());
        apply(new NoOp());
        assertThat(listener.count(FeedItem.ImagePart.class)).isZero();
        assertThat(listener.count(FeedItem.Batch.class)).isZero();
    }

    @Test
    void heartbeatsTellOfTheControllerAtOnceAndEveryHalfSecond() {
        start();
        Listener listener = new Listener();
        follow(-1, listener);
        long before = listener.count(FeedItem.Heartbeat.class);
        server.onController(2, 9);
        loop.runDue();
        assertThat(listener.items.get(listener.items.size() - 1))
                .isEqualTo(new FeedItem.Heartbeat(10, 2, 2, 9));
        clock.advance(Duration.ofMillis(500));
        loop.runDue();
        assertThat(listener.count(FeedItem.Heartbeat.class)).isEqualTo(before + 2);
    }

    @Test
    void closedSubscriptionGetsNothingAndStoppedServerSaysSo() {
        start();
        Listener closed = new Listener();
        Listener open = new Listener();
        follow(-1, closed).close();
        follow(-1, open);
        int sent = closed.items.size();
        apply(new NoOp());
        server.close();
        loop.runDue();
        assertThat(closed.items).hasSize(sent);
        assertThat(closed.ended).isFalse();
        assertThat(open.ended).isTrue();
    }

    @Test
    void followerRefusesToGoBack() {
        FollowedImage followed = new FollowedImage(MetadataImage.EMPTY);
        MetadataImage at10 = withBrokers(0).at(10, 2);
        List<MetadataRecord> records = new ArrayList<>();
        ImageRecords.of(at10).forEachRemaining(records::add);
        followed.apply(new FeedItem.ImagePart(10, 2, -1, 0, records, true));
        List<FeedItem> back =
                List.of(
                        new FeedItem.ImagePart(9, 2, -1, 0, records, true),
                        new FeedItem.ImagePart(10, 2, -1, 0, records, true),
                        new FeedItem.Batch(10, 2, -1, 0, batch(at10, 2, new NoOp())),
                        new FeedItem.Batch(11, 1, -1, 0, batch(at10, 1, new NoOp())));
        for (FeedItem item : back) {
            RejectedException refusal =
                    catchThrowableOfType(RejectedException.class, () -> followed.apply(item));
            assertThat(refusal.code()).isEqualTo(ErrorCode.NOT_READY);
            assertThat(followed.image()).isEqualTo(at10);
        }
        assertThat(followed.apply(new FeedItem.Batch(11, 2, -1, 0, batch(at10, 2, new NoOp()))))
                .isPresent();
    }

    @Test
    void halfAnImageIsDroppedWithItsStream() {
        MetadataImage at10 = withBrokers(0).at(10, 2);
        List<MetadataRecord> records = new ArrayList<>();
        ImageRecords.of(at10).forEachRemaining(records::add);
        FollowedImage followed = new FollowedImage(MetadataImage.EMPTY);
        followed.apply(new FeedItem.ImagePart(9, 2, -1, 0, records.subList(0, 1), false));
        followed.onStreamEnd();
        followed.apply(new FeedItem.ImagePart(10, 2, -1, 0, records, true));
        assertThat(followed.image()).isEqualTo(at10);
    }
}
