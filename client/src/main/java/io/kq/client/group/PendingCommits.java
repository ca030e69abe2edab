package io.kq.client.group;

import io.kq.protocol.ErrorCode;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicPartition;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Commits that are not answered yet, in the order in which they were made. On the loop. */
final class PendingCommits {

    private final Map<Long, PendingCommit> byId = new LinkedHashMap<>();
    private long nextId = 1;

    /** Its id. */
    long add(
            Map<TopicPartition, GroupOffset> offsets, CompletableFuture<Void> done, long nowNanos) {
        long id = nextId++;
        byId.put(id, new PendingCommit(offsets, done, nowNanos));
        return id;
    }

    @Nullable PendingCommit get(long id) {
        return byId.get(id);
    }

    @Nullable PendingCommit remove(long id) {
        return byId.remove(id);
    }

    void forEach(BiConsumer<Long, PendingCommit> what) {
        byId.forEach(what);
    }

    void failAll(RejectedException why) {
        List<PendingCommit> all = List.copyOf(byId.values());
        byId.clear();
        all.forEach(commit -> commit.fail(why));
    }

    /** Gives up those that have waited for {@code bound}; {@code trouble} is what they met. */
    void expire(long nowNanos, Duration bound, @Nullable RejectedException trouble) {
        for (Iterator<PendingCommit> it = byId.values().iterator(); it.hasNext(); ) {
            PendingCommit commit = it.next();
            if (nowNanos - commit.sinceNanos() >= bound.toNanos()) {
                it.remove();
                commit.fail(
                        new RejectedException(
                                ErrorCode.DEADLINE_EXCEEDED,
                                "the commit was not answered within "
                                        + bound.toMillis()
                                        + " ms"
                                        + (trouble == null ? "" : ": " + trouble.getMessage())));
            }
        }
    }
}
