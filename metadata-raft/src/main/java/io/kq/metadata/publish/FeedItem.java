package io.kq.metadata.publish;

import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.record.MetadataRecord;
import java.util.List;

/** What a feed sends, in the order of the log. */
public sealed interface FeedItem {

    /** Of the last entry that the item includes; of a heartbeat: that the sender has applied. */
    long index();

    /** Term of that entry. */
    long term();

    /** The active controller as the sender knows it, -1: none. */
    int controllerId();

    /** The controller's term. */
    long controllerTerm();

    /** Calls the visitor's method for this kind of item. */
    <R> R accept(Visitor<R> visitor);

    /** One method per kind of item. */
    interface Visitor<R> {
        R onImage(ImagePart item);

        R onBatch(Batch item);

        R onHeartbeat(Heartbeat item);
    }

    /**
     * Records that rebuild the image at {@link #index}, in parts: the image counts from the part
     * with {@code last} on.
     */
    record ImagePart(
            long index,
            long term,
            int controllerId,
            long controllerTerm,
            List<MetadataRecord> records,
            boolean last)
            implements FeedItem {
        public ImagePart {
            records = List.copyOf(records);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onImage(this);
        }
    }

    /** One entry. */
    record Batch(long index, long term, int controllerId, long controllerTerm, MetadataBatch batch)
            implements FeedItem {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onBatch(this);
        }
    }

    /** The sender lives; sent at once when the controller changed. */
    record Heartbeat(long index, long term, int controllerId, long controllerTerm)
            implements FeedItem {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.onHeartbeat(this);
        }
    }
}
