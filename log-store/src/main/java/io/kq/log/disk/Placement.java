package io.kq.log.disk;

import java.util.List;
import java.util.Optional;

/** Chooses the data directory for a new partition. Pure. */
public final class Placement {

    private Placement() {}

    /**
     * The writable directory with the fewest partitions; among equals the one with the most free
     * space, then the first. Counting partitions and not bytes: a partition grows only after it was
     * placed, and those made together should not all go to the disk that is emptiest now.
     *
     * @return its index; empty if none is writable
     */
    public static Optional<Integer> choose(List<DirectoryReport> directories) {
        int best = -1;
        for (int i = 0; i < directories.size(); i++) {
            DirectoryReport candidate = directories.get(i);
            if (candidate.health() == DiskHealth.WRITABLE
                    && (best < 0 || isBetter(candidate, directories.get(best)))) {
                best = i;
            }
        }
        return best < 0 ? Optional.empty() : Optional.of(best);
    }

    private static boolean isBetter(DirectoryReport one, DirectoryReport other) {
        if (one.partitionCount() != other.partitionCount()) {
            return one.partitionCount() < other.partitionCount();
        }
        return one.freeBytes() > other.freeBytes();
    }
}
