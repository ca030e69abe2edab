package io.kq.metadata.raft;

import io.kq.metadata.codec.ShardCodec;
import io.kq.metadata.shard.ShardBatch;
import io.kq.metadata.shard.ShardImage;
import io.kq.metadata.snapshot.ShardSnapshotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A coordination shard's groups as its log has them, and whoever is told of each change. */
final class ShardState implements RaftState {

    private final int shard;
    private final Consumer<ShardImage> applied;

    /** With all entries that are applied. Written by the updater's thread. */
    private volatile ShardImage image = ShardImage.EMPTY;

    /**
     * Nothing is applied yet.
     *
     * @param applied told of each image, on a thread of Ratis: to be handed over at once
     */
    ShardState(int shard, Consumer<ShardImage> applied) {
        this.shard = shard;
        this.applied = applied;
    }

    ShardImage image() {
        return image;
    }

    @Override
    public String name() {
        return "shard-" + shard;
    }

    @Override
    public boolean apply(ByteBuffer entry, long index, long term) {
        ShardBatch batch = ShardCodec.decode(entry);
        ShardImage before = image;
        boolean ignored = before.ignores(batch, term);
        image = before.after(batch, index, term);
        applied.accept(image);
        return ignored;
    }

    @Override
    public long appliedIndex() {
        return image.index();
    }

    @Override
    public void load(Path snapshot) throws IOException {
        image = ShardSnapshotFile.read(snapshot);
        applied.accept(image);
    }

    @Override
    public Snapshot capture() {
        ShardImage captured = image;
        return file -> ShardSnapshotFile.write(file, captured);
    }
}
