package io.kq.metadata.raft;

import io.kq.metadata.codec.BatchCodec;
import io.kq.metadata.image.ImageTransition;
import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.MetadataBatch;
import io.kq.metadata.snapshot.SnapshotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** The cluster's metadata as its group's log has it, and whoever is told of each change. */
final class MetadataState implements RaftState {

    private final RaftEvents events;

    /** With all entries that are applied. Written by the updater's thread. */
    private volatile MetadataImage image = MetadataImage.EMPTY;

    MetadataState(RaftEvents events) {
        this.events = events;
    }

    MetadataImage image() {
        return image;
    }

    @Override
    public String name() {
        return "metadata";
    }

    @Override
    public boolean apply(ByteBuffer entry, long index, long term) {
        MetadataBatch batch = BatchCodec.decode(entry);
        MetadataImage before = image;
        boolean ignored = ImageTransition.isIgnored(before, batch, term);
        MetadataDelta delta = ImageTransition.apply(before, batch, index, term);
        image = delta.after();
        events.onApplied(delta, batch);
        return ignored;
    }

    @Override
    public long appliedIndex() {
        return image.index();
    }

    @Override
    public void load(Path snapshot) throws IOException {
        MetadataImage before = image;
        image = SnapshotFile.read(snapshot);
        events.onImageReplaced(MetadataDelta.between(before, image));
    }

    @Override
    public Snapshot capture() {
        MetadataImage captured = image;
        return file -> SnapshotFile.write(file, captured);
    }
}
