package io.kq.metadata.publish;

import io.kq.metadata.image.ImageRecords;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataRecord;
import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The follower's half of a feed: applies its items with the same apply as the voters. One thread at
 * a time.
 */
public final class FollowedImage implements FeedItem.Visitor<Optional<MetadataDelta>> {

    private MetadataImage image;

    /** Of an image that is not whole yet. */
    private final List<MetadataRecord> parts = new ArrayList<>();

    /** Goes on from {@code known}. */
    public FollowedImage(MetadataImage known) {
        this.image = known;
    }

    public MetadataImage image() {
        return image;
    }

    /** The stream ended: what is not whole is dropped. */
    public void onStreamEnd() {
        parts.clear();
    }

    /**
     * Applies an item.
     *
     * @return what it changed; empty: nothing yet
     * @throws RejectedException NOT_READY: it goes back behind what was applied (invariant M9), or
     *     does not continue it
     */
    public Optional<MetadataDelta> apply(FeedItem item) {
        return item.accept(this);
    }

    @Override
    public Optional<MetadataDelta> onImage(FeedItem.ImagePart item) {
        parts.addAll(item.records());
        if (!item.last()) {
            return Optional.empty();
        }
        checkForward(item);
        List<MetadataRecord> records = List.copyOf(parts);
        parts.clear();
        MetadataImage before = image;
        image = ImageRecords.restore(records, item.index(), item.term());
        return Optional.of(MetadataDelta.between(before, image));
    }

    @Override
    public Optional<MetadataDelta> onBatch(FeedItem.Batch item) {
        checkForward(item);
        MetadataDelta delta = ImageTransition.apply(image, item.batch(), item.index(), item.term());
        image = delta.after();
        return Optional.of(delta);
    }

    @Override
    public Optional<MetadataDelta> onHeartbeat(FeedItem.Heartbeat item) {
        return Optional.empty();
    }

    private void checkForward(FeedItem item) {
        if (item.index() <= image.index() || item.term() < image.term()) {
            parts.clear();
            throw new RejectedException(
                    ErrorCode.NOT_READY,
                    "the metadata feed went back from index "
                            + image.index()
                            + " of term "
                            + image.term()
                            + " to "
                            + item.index()
                            + " of "
                            + item.term());
        }
    }
}
