package io.kq.broker.partition;

import java.util.ArrayList;
import java.util.List;

/**
 * Who is told that a partition has more to read. Told for each append, changed seldom: an array
 * that is copied on change and read without a lock.
 */
final class WatcherList {

    private static final PartitionWatcher[] NONE = {};

    private volatile PartitionWatcher[] watchers = NONE;

    synchronized void add(PartitionWatcher watcher) {
        PartitionWatcher[] old = watchers;
        PartitionWatcher[] grown = new PartitionWatcher[old.length + 1];
        System.arraycopy(old, 0, grown, 0, old.length);
        grown[old.length] = watcher;
        watchers = grown;
    }

    synchronized void remove(PartitionWatcher watcher) {
        List<PartitionWatcher> rest = new ArrayList<>(List.of(watchers));
        if (rest.removeIf(w -> w == watcher)) {
            watchers = rest.toArray(NONE);
        }
    }

    /** Forgets all and returns them. */
    synchronized List<PartitionWatcher> close() {
        List<PartitionWatcher> all = List.of(watchers);
        watchers = NONE;
        return all;
    }

    void onAdvanced() {
        PartitionWatcher[] now = watchers;
        for (int i = 0; i < now.length; i++) {
            now[i].onAdvanced();
        }
    }
}
