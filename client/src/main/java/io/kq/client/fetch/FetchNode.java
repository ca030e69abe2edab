package io.kq.client.fetch;

import io.kq.client.metadata.NodeAddress;
import io.kq.protocol.RejectedException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The stream from one node and the partitions read on it. On the loop, except {@link #giveBack}.
 *
 * <p>Credit: the node may have {@link #window} bytes on their way or waiting to be polled. What was
 * polled is granted again once it is a quarter of that, so that a grant is a rare message and the
 * node never waits for one while the reader keeps up.
 */
final class FetchNode implements FetchLink.Listener {

    /** Told of what becomes of the subscriptions. */
    interface Owner {
        void ready(FetchNode node);

        void fetched(FetchNode node, PartitionFetch partition, FetchLink.Fetched fetched);

        void refused(PartitionFetch partition, RejectedException why);

        void closed(FetchNode node, boolean usable, RejectedException why);

        /** Enough was given back: {@link #grantAgain} is to be called on the loop. */
        void grantLater(FetchNode node);
    }

    private final NodeAddress address;
    private final Owner owner;
    private final Map<Integer, PartitionFetch> subscriptions = new HashMap<>();
    private final AtomicLong givenBack = new AtomicLong();

    /** Bytes that the node may have out. Changed on the loop, read by {@link #giveBack}. */
    private volatile long window;

    /** Granted so far, less what was given back and not granted again: never above the window. */
    private long outBytes;

    private @Nullable FetchLink link;
    private boolean ready;
    private boolean useful;

    FetchNode(NodeAddress address, Owner owner) {
        this.address = address;
        this.owner = owner;
    }

    void open(FetchLinks links) {
        link = links.open(address, this);
    }

    NodeAddress address() {
        return address;
    }

    boolean isReady() {
        return ready && link != null;
    }

    boolean isUnused() {
        return subscriptions.isEmpty();
    }

    // ---- credit

    /** Sets how much may be out; more is granted at once, less takes effect as data is polled. */
    void setWindow(long bytes) {
        window = bytes;
        if (isReady()) {
            grantAgain();
        }
    }

    /** The reader is done with some bytes of this node. Any thread. */
    void giveBack(int bytes) {
        long total = givenBack.addAndGet(bytes);
        if (total >= window / 4 && total - bytes < window / 4) {
            owner.grantLater(this);
        }
    }

    void grantAgain() {
        FetchLink current = link;
        if (current == null) {
            return;
        }
        outBytes -= givenBack.getAndSet(0);
        long more = window - outBytes;
        if (more > 0) {
            outBytes += more;
            current.grant(more);
        }
    }

    // ---- subscriptions

    void subscribe(PartitionFetch partition, int subscriptionId) {
        FetchLink current = link;
        if (current != null) {
            subscriptions.put(subscriptionId, partition);
            current.subscribe(
                    subscriptionId,
                    partition.partition(),
                    partition.topicId(),
                    partition.nextOffset());
        }
    }

    void unsubscribe(int subscriptionId) {
        FetchLink current = link;
        if (subscriptions.remove(subscriptionId) != null && current != null) {
            current.unsubscribe(subscriptionId);
        }
    }

    @Override
    public void onReady() {
        ready = true;
        owner.ready(this);
    }

    @Override
    public void onFetched(FetchLink.Fetched fetched) {
        useful = true;
        PartitionFetch partition = subscriptions.get(fetched.subscriptionId());
        if (partition == null) {
            giveBack(fetched.data().remaining());
        } else {
            owner.fetched(this, partition, fetched);
        }
    }

    @Override
    public void onRefused(int subscriptionId, RejectedException why) {
        useful = true;
        PartitionFetch partition = subscriptions.remove(subscriptionId);
        if (partition != null) {
            owner.refused(partition, why);
        }
    }

    @Override
    public void onClosed(boolean wasReady, RejectedException why) {
        link = null;
        subscriptions.clear();
        owner.closed(this, wasReady && useful, why);
    }

    /** Ends the stream, which nothing is read on any more. */
    void close() {
        FetchLink current = link;
        link = null;
        subscriptions.clear();
        if (current != null) {
            current.close();
        }
    }
}
