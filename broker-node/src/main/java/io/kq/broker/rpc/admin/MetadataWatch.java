package io.kq.broker.rpc.admin;

import io.grpc.stub.ServerCallStreamObserver;
import io.kq.metadata.MetadataSource;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.image.TopicImage;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.runtime.Clock;
import io.kq.runtime.EventLoop;
import io.kq.v1.ClusterImage;
import io.kq.v1.Heartbeat;
import io.kq.v1.MetadataChange;
import io.kq.v1.Quorum;
import io.kq.v1.WatchMetadataResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients of changes: first a snapshot, then what changed since what each was told last, and
 * a heartbeat when nothing did. A client that does not read is told nothing and nothing is kept for
 * it: when it reads again it gets one change that covers all it missed.
 *
 * <p>A node that has lost touch with the controller may be the only one that does not know who
 * leads now. When it finds out, it ends its watches, so that clients ask another node; whoever
 * comes all the same, perhaps because there is no other, is given what there is, and no heartbeats,
 * after which clients look elsewhere again.
 *
 * <p>Everything runs on one event loop, so that no watcher waits on another's transport and changes
 * that follow each other quickly are told as one.
 */
public final class MetadataWatch implements AutoCloseable {

    private static final Duration TICK = Duration.ofMillis(500);

    /** Clients that hear nothing for a little more than twice as long ask another node. */
    private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(1);

    private static final int WATCHERS_MAX = 10_000;

    private final MetadataSource metadata;
    private final QuorumView quorum;
    private final BooleanSupplier outOfTouch;
    private final EventLoop loop;
    private final Clock clock;
    private final AutoCloseable subscription;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    /** Only on the loop. */
    private final Set<Watcher> watchers = new LinkedHashSet<>();

    /** Only on the loop. */
    private boolean wasOutOfTouch;

    /** One client. Only on the loop. */
    private static final class Watcher {
        private final ServerCallStreamObserver<WatchMetadataResponse> observer;

        /** Names it wants to know of; empty: all. */
        private final Set<String> topics;

        /** What it was told last; null: nothing yet. */
        private @Nullable MetadataImage told;

        private Quorum toldQuorum = Quorum.getDefaultInstance();
        private long toldNanos;

        Watcher(ServerCallStreamObserver<WatchMetadataResponse> observer, List<String> topics) {
            this.observer = observer;
            this.topics = Set.copyOf(topics);
        }

        boolean wants(String topic) {
            return topics.isEmpty() || topics.contains(topic);
        }
    }

    /**
     * Watches {@code metadata}.
     *
     * @param outOfTouch whether it may be old, since no controller answers; any thread
     */
    public MetadataWatch(
            MetadataSource metadata,
            QuorumView quorum,
            BooleanSupplier outOfTouch,
            EventLoop loop,
            Clock clock) {
        this.metadata = metadata;
        this.quorum = quorum;
        this.outOfTouch = outOfTouch;
        this.loop = loop;
        this.clock = clock;
        this.subscription = metadata.subscribe(delta -> soon());
        loop.schedule(TICK, this::tick);
    }

    /** Adds a client until it goes. Called on its event loop. */
    void add(ServerCallStreamObserver<WatchMetadataResponse> observer, List<String> topics) {
        Watcher watcher = new Watcher(observer, topics);
        observer.setOnCancelHandler(() -> loop.submit(() -> watchers.remove(watcher)));
        observer.setOnReadyHandler(() -> loop.submit(() -> tell(watcher, new HashMap<>())));
        loop.submit(
                () -> {
                    if (watchers.size() >= WATCHERS_MAX) {
                        observer.onError(
                                new RejectedException(
                                        ErrorCode.OVERLOADED, "too many watchers on this node"));
                        return;
                    }
                    watchers.add(watcher);
                    tell(watcher, new HashMap<>());
                });
    }

    /** Ends all watches, so that clients go elsewhere at once. */
    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("a subscription does not end", e);
        }
        loop.submit(() -> endAll("the node stops"));
    }

    private void endAll(String why) {
        watchers.forEach(
                watcher ->
                        watcher.observer.onError(new RejectedException(ErrorCode.NOT_READY, why)));
        watchers.clear();
    }

    private void soon() {
        if (scheduled.compareAndSet(false, true)) {
            loop.submit(
                    () -> {
                        scheduled.set(false);
                        tellAll();
                    });
        }
    }

    private void tick() {
        boolean isOutOfTouch = outOfTouch.getAsBoolean();
        if (isOutOfTouch && !wasOutOfTouch) {
            endAll("the node hears from no controller");
        }
        wasOutOfTouch = isOutOfTouch;
        tellAll();
        loop.schedule(TICK, this::tick);
    }

    private void tellAll() {
        // Most watchers were told the same image last: what changed since then is built once.
        Map<Long, MetadataDelta> deltas = new HashMap<>();
        watchers.forEach(watcher -> tell(watcher, deltas));
    }

    private void tell(Watcher watcher, Map<Long, MetadataDelta> deltas) {
        if (!watchers.contains(watcher) || !watcher.observer.isReady()) {
            return;
        }
        MetadataImage image = metadata.image();
        Quorum quorumNow = quorum.now();
        WatchMetadataResponse.Builder answer =
                WatchMetadataResponse.newBuilder().setVersion(image.index());
        MetadataImage told = watcher.told;
        if (told == null) {
            answer.setSnapshot(snapshot(image, quorumNow, watcher));
        } else {
            boolean quorumChanged = !QuorumView.lasting(quorumNow).equals(watcher.toldQuorum);
            MetadataChange.Builder change = change(told, image, watcher, deltas);
            if (quorumChanged) {
                change.setQuorum(quorumNow);
            }
            if (!told.coordination().equals(image.coordination())) {
                change.setGroupCoordinators(ImageCodec.coordinators(image));
            }
            MetadataChange built = change.build();
            if (!built.equals(MetadataChange.getDefaultInstance())) {
                answer.setChange(built);
            } else if (isHeartbeatDue(watcher)) {
                answer.setHeartbeat(Heartbeat.getDefaultInstance());
            } else {
                watcher.told = image;
                return;
            }
        }
        watcher.told = image;
        watcher.toldQuorum = QuorumView.lasting(quorumNow);
        watcher.toldNanos = clock.nanoTime();
        watcher.observer.onNext(answer.build());
    }

    private boolean isHeartbeatDue(Watcher watcher) {
        return !wasOutOfTouch
                && clock.nanoTime() - watcher.toldNanos >= HEARTBEAT_INTERVAL.toNanos();
    }

    private static ClusterImage snapshot(MetadataImage image, Quorum quorum, Watcher watcher) {
        ClusterImage.Builder snapshot =
                ClusterImage.newBuilder()
                        .setClusterId(image.cluster().id())
                        .setQuorum(quorum)
                        .setGroupCoordinators(ImageCodec.coordinators(image));
        image.allBrokers().forEach(broker -> snapshot.addBrokers(ImageCodec.broker(broker)));
        for (TopicImage topic : image.topics().values()) {
            if (watcher.wants(topic.name())) {
                snapshot.addTopics(ImageCodec.topic(topic, image));
            }
        }
        return snapshot.build();
    }

    private static MetadataChange.Builder change(
            MetadataImage told,
            MetadataImage image,
            Watcher watcher,
            Map<Long, MetadataDelta> deltas) {
        MetadataChange.Builder change = MetadataChange.newBuilder();
        if (told.index() == image.index()) {
            return change;
        }
        MetadataDelta delta =
                deltas.computeIfAbsent(told.index(), index -> MetadataDelta.between(told, image));
        if (delta.after().index() != image.index()) {
            // A newer image came while the others were told.
            delta = MetadataDelta.between(told, image);
        }
        for (int id : delta.changedBrokers()) {
            image.broker(id).ifPresent(broker -> change.addBrokers(ImageCodec.broker(broker)));
        }
        change.addAllRemovedBrokerIds(delta.removedBrokers());
        for (String name : delta.changedTopics()) {
            if (watcher.wants(name)) {
                image.topic(name)
                        .ifPresent(topic -> change.addTopics(ImageCodec.topic(topic, image)));
            }
        }
        for (var id : delta.removedTopics()) {
            boolean wanted = told.topic(id).map(topic -> watcher.wants(topic.name())).orElse(false);
            if (wanted) {
                change.addRemovedTopicIds(ImageCodec.id(id));
            }
        }
        return change;
    }
}
