package io.kq.metadata.publish;

import io.kq.metadata.image.ImageRecords;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.RecordSize;
import io.kq.runtime.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A voter's feed. Followers pull: each has a place in the ring, and is sent to only while its
 * transport is ready, so that a slow one costs no memory. Items are sent on one loop.
 */
public final class FeedServer implements MetadataFeed, AutoCloseable {

    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final int RING_COUNT_MAX = 10_000;
    private static final long RING_BYTES_MAX = 16L << 20;
    private static final int IMAGE_PART_BYTES = 256 << 10;

    private final EventLoop loop;
    private final FeedRing ring;

    /** With all batches that are in the ring. Written by whoever applies. */
    private volatile MetadataImage image = MetadataImage.EMPTY;

    private final AtomicBoolean woken = new AtomicBoolean();

    /** Loop only, like all that follows. */
    private final List<Follower> followers = new ArrayList<>();

    private int controllerId = -1;
    private long controllerTerm;

    public FeedServer(EventLoop loop) {
        this(loop, RING_COUNT_MAX, RING_BYTES_MAX);
    }

    FeedServer(EventLoop loop, int ringCountMax, long ringBytesMax) {
        this.loop = loop;
        this.ring = new FeedRing(ringCountMax, ringBytesMax);
        scheduleHeartbeat();
    }

    /** A batch was applied and made {@code after}. One thread at a time. */
    public void onApplied(MetadataImage after, MetadataBatch batch) {
        ring.add(new FeedRing.Entry(after.index(), after.term(), batch));
        image = after;
        wake();
    }

    /** The image was replaced. The same thread. */
    public void onImageReplaced(MetadataImage after) {
        ring.restart(after.index());
        image = after;
        wake();
    }

    /** Who controls; followers are told at once. Any thread. */
    public void onController(int nodeId, long term) {
        loop.submit(
                () -> {
                    if (nodeId != controllerId || term != controllerTerm) {
                        controllerId = nodeId;
                        controllerTerm = term;
                        heartbeatAll();
                    }
                });
    }

    @Override
    public FeedSubscription follow(long lastIndex, long lastTerm, FeedListener listener) {
        Follower follower = new Follower(listener, lastIndex);
        loop.submit(
                () -> {
                    followers.add(follower);
                    follower.heartbeat();
                    follower.pump();
                });
        return follower;
    }

    /** Tells all followers that nothing more comes. The loop belongs to whoever made it. */
    @Override
    public void close() {
        loop.submit(
                () -> {
                    List<Follower> ended = List.copyOf(followers);
                    followers.clear();
                    ended.forEach(follower -> follower.listener.onEnd());
                });
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            loop.submit(
                    () -> {
                        woken.set(false);
                        List.copyOf(followers).forEach(Follower::pump);
                    });
        }
    }

    private void scheduleHeartbeat() {
        loop.schedule(
                HEARTBEAT,
                () -> {
                    heartbeatAll();
                    scheduleHeartbeat();
                });
    }

    private void heartbeatAll() {
        List.copyOf(followers).forEach(Follower::heartbeat);
    }

    /** One follower's place. Loop only but for its handle's two methods. */
    private final class Follower implements FeedSubscription {

        private final FeedListener listener;

        /** Of the last item that was sent whole. */
        private long lastIndex;

        /** The image that is being sent in parts, or null. */
        private @Nullable ImageParts parts;

        Follower(FeedListener listener, long lastIndex) {
            this.listener = listener;
            this.lastIndex = lastIndex;
        }

        @Override
        public void resume() {
            loop.submit(this::pump);
        }

        @Override
        public void close() {
            loop.submit(() -> followers.remove(this));
        }

        private void heartbeat() {
            if (listener.isReady()) {
                MetadataImage applied = image;
                listener.onItem(
                        new FeedItem.Heartbeat(
                                applied.index(), applied.term(), controllerId, controllerTerm));
            }
        }

        /** Sends while there is something to send and the transport takes it. */
        private void pump() {
            while (followers.contains(this) && listener.isReady()) {
                ImageParts sending = parts;
                if (sending != null) {
                    sendPart(sending);
                    continue;
                }
                Optional<List<FeedRing.Entry>> batches = ring.after(lastIndex);
                if (batches.isEmpty()) {
                    parts = new ImageParts(image);
                } else if (batches.get().isEmpty()) {
                    return;
                } else {
                    sendBatches(batches.get());
                }
            }
        }

        private void sendPart(ImageParts sending) {
            FeedItem.ImagePart part = sending.next(controllerId, controllerTerm);
            if (part.last()) {
                lastIndex = part.index();
                parts = null;
            }
            listener.onItem(part);
        }

        private void sendBatches(List<FeedRing.Entry> batches) {
            for (FeedRing.Entry entry : batches) {
                if (!listener.isReady()) {
                    return;
                }
                lastIndex = entry.index();
                listener.onItem(
                        new FeedItem.Batch(
                                entry.index(),
                                entry.term(),
                                controllerId,
                                controllerTerm,
                                entry.batch()));
            }
        }
    }

    /** An image on its way. */
    private static final class ImageParts {

        private final MetadataImage sent;
        private final Iterator<MetadataRecord> records;

        ImageParts(MetadataImage sent) {
            this.sent = sent;
            this.records = ImageRecords.of(sent);
        }

        FeedItem.ImagePart next(int controllerId, long controllerTerm) {
            List<MetadataRecord> part = new ArrayList<>();
            int bytes = 0;
            while (records.hasNext() && bytes < IMAGE_PART_BYTES) {
                MetadataRecord record = records.next();
                bytes += RecordSize.boundBytes(List.of(record));
                part.add(record);
            }
            return new FeedItem.ImagePart(
                    sent.index(),
                    sent.term(),
                    controllerId,
                    controllerTerm,
                    part,
                    !records.hasNext());
        }
    }
}
