package io.kq.broker.birth;

import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/** Who this node is once it has a cluster: on the disk and in memory the same. Any thread. */
public final class NodeIdentity {

    private final IdentityFile file;

    /** Written under the lock, after the file. */
    private volatile DirectoryIdentity now;

    /** As it is on the disk. */
    public NodeIdentity(IdentityFile file, DirectoryIdentity written) {
        this.file = file;
        this.now = written;
    }

    public DirectoryIdentity now() {
        return now;
    }

    /**
     * Changes it; it is durable when this returns. Blocking.
     *
     * @throws UncheckedIOException it could not be written; nothing is different
     */
    public synchronized DirectoryIdentity change(UnaryOperator<DirectoryIdentity> change) {
        DirectoryIdentity next = change.apply(now);
        if (!next.equals(now)) {
            file.write(next);
            now = next;
        }
        return next;
    }
}
