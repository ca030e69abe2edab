package io.kq.metadata.controller;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * When the answers to requests may be forgotten: soft state of one tenure. Ages are measured by
 * this controller's monotonic clock from when it first saw them, so that clocks of different
 * machines, or one that jumps, never shorten them. Loop thread only.
 */
final class RequestMemory {

    private record Seen(UUID requestId, long atNanos) {}

    /** Oldest first. Invariant: the same requests as in the committed image. */
    private final Deque<Seen> seen = new ArrayDeque<>();

    private final long ttlNanos;
    private final int countMax;

    RequestMemory(long ttlNanos, int countMax, Collection<UUID> known, long nowNanos) {
        this.ttlNanos = ttlNanos;
        this.countMax = countMax;
        known.forEach(id -> add(id, nowNanos));
    }

    void add(UUID requestId, long nowNanos) {
        seen.add(new Seen(requestId, nowNanos));
    }

    /**
     * The requests to forget now, at most {@code limit}; the same again until {@link #forgotten}.
     */
    List<UUID> due(long nowNanos, int limit) {
        List<UUID> due = new ArrayList<>();
        int over = seen.size() - countMax;
        for (Seen request : seen) {
            boolean old = nowNanos - request.atNanos() >= ttlNanos;
            if (due.size() == limit || (!old && due.size() >= over)) {
                break;
            }
            due.add(request.requestId());
        }
        return due;
    }

    /** The oldest {@code count} are no longer in the image. */
    void forgotten(int count) {
        for (int i = 0; i < count; i++) {
            seen.remove();
        }
    }
}
