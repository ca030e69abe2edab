package io.kq.client.group;

import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A commit that is not answered yet. On the loop. */
final class PendingCommit {

    private final Map<TopicPartition, GroupOffset> offsets;
    private final CompletableFuture<Void> done;
    private final long sinceNanos;

    /** It may have reached a coordinator. */
    private boolean sent;

    PendingCommit(
            Map<TopicPartition, GroupOffset> offsets,
            CompletableFuture<Void> done,
            long sinceNanos) {
        this.offsets = Map.copyOf(offsets);
        this.done = done;
        this.sinceNanos = sinceNanos;
    }

    Map<TopicPartition, GroupOffset> offsets() {
        return offsets;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    void sent() {
        sent = true;
    }

    void complete(Map<TopicPartition, RejectedException> refused) {
        if (refused.isEmpty()) {
            done.complete(null);
            return;
        }
        Map.Entry<TopicPartition, RejectedException> first = new TreeMap<>(refused).firstEntry();
        RejectedException why = first.getValue();
        done.completeExceptionally(
                new RejectedException(
                        why.code(),
                        "the commit of "
                                + first.getKey()
                                + " was refused: "
                                + why.getMessage()
                                + (refused.size() > 1
                                        ? " (and " + (refused.size() - 1) + " more)"
                                        : "")));
    }

    void fail(RejectedException why) {
        done.completeExceptionally(sent ? why.indefinite() : why);
    }
}
