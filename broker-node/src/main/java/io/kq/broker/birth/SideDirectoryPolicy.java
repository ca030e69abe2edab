package io.kq.broker.birth;

import io.kq.broker.config.StartRefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What becomes of the data directories besides the first, given what is in them. Pure.
 *
 * <p>Every directory knows the ids and paths of all. So an empty directory where one with data was
 * is told from a new one: a disk that is not mounted must not be taken for an emptied one, and its
 * partitions not be made anew in its mount point.
 */
final class SideDirectoryPolicy {

    private SideDirectoryPolicy() {}

    /** What was found in a directory. */
    sealed interface Found {
        Path path();

        /** A directory of this node. */
        record Known(Path path, DirectoryIdentity identity) implements Found {}

        /** Nothing. */
        record Empty(Path path) implements Found {}

        /** It cannot be read or written. */
        record Unusable(Path path, String reason) implements Found {}
    }

    /**
     * What to do.
     *
     * @param identities of the directories that have one, by path
     * @param fresh directories to be begun
     * @param offline directories that cannot be used, and why
     * @param offlineIds theirs, as far as they are known
     * @param lost directories that the node had and has not any more
     */
    record Plan(
            Map<Path, DirectoryIdentity> identities,
            List<Path> fresh,
            Map<Path, String> offline,
            Map<UUID, Path> offlineIds,
            Map<UUID, Path> lost) {

        Plan {
            identities = Map.copyOf(identities);
            fresh = List.copyOf(fresh);
            offline = Map.copyOf(offline);
            offlineIds = Map.copyOf(offlineIds);
            lost = Map.copyOf(lost);
        }
    }

    /**
     * Decides.
     *
     * @param first path and identity of the first directory
     * @throws StartRefusedException a person has to do something
     */
    static Plan plan(Found.Known first, boolean isVoter, List<Found> sides) {
        Map<Path, DirectoryIdentity> identities = new HashMap<>();
        List<Path> fresh = new ArrayList<>();
        Map<Path, String> offline = new HashMap<>();
        for (Found side : sides) {
            if (side instanceof Found.Known known) {
                refuseForeign(first, isVoter, known);
                identities.put(known.path(), known.identity());
            } else if (side instanceof Found.Unusable unusable) {
                offline.put(unusable.path(), unusable.reason());
            } else {
                fresh.add(side.path());
            }
        }
        Map<UUID, Path> present = present(first, identities);
        Map<UUID, Path> offlineIds = new HashMap<>();
        Map<UUID, Path> lost = new HashMap<>();
        Map<UUID, Path> known = new HashMap<>(first.identity().directories());
        identities.values().forEach(identity -> known.putAll(identity.directories()));
        known.keySet().removeAll(present.keySet());
        known.forEach(
                (id, path) -> {
                    if (fresh.contains(path)) {
                        throw emptied(id, path);
                    }
                    (offline.containsKey(path) ? offlineIds : lost).put(id, path);
                });
        return new Plan(identities, fresh, offline, offlineIds, lost);
    }

    private static Map<UUID, Path> present(
            Found.Known first, Map<Path, DirectoryIdentity> identities) {
        Map<UUID, Path> present = new HashMap<>();
        present.put(first.identity().directoryId(), first.path());
        identities.forEach(
                (path, identity) -> {
                    Path other = present.put(identity.directoryId(), path);
                    if (other != null) {
                        throw StartRefusedException.failed(
                                "DISK_COPIED",
                                path + " is a copy of " + other + ": they have the same id",
                                "take one of them out of data.dirs");
                    }
                });
        return present;
    }

    private static void refuseForeign(Found.Known first, boolean isVoter, Found.Known side) {
        DirectoryIdentity identity = side.identity();
        if (identity.raftStarted() || !identity.voters().isEmpty()) {
            throw StartRefusedException.failed(
                    "FIRST_DIRECTORY_MOVED",
                    "data.dirs begins with "
                            + first.path()
                            + ", but this voter's metadata is in "
                            + side.path(),
                    "put " + side.path() + " first");
        }
        if (isVoter && !first.identity().hasCluster()) {
            throw StartRefusedException.failed(
                    "METADATA_LOST",
                    "the first data directory "
                            + first.path()
                            + " is empty, but "
                            + side.path()
                            + " is of cluster "
                            + identity.clusterId()
                            + ": this voter's metadata is gone",
                    "put the first directory back; is its disk mounted?");
        }
        if (first.identity().hasCluster()) {
            clusterConflict(first.identity().clusterId(), side.path(), identity)
                    .ifPresent(
                            conflict -> {
                                throw conflict;
                            });
        }
    }

    /** Why a directory cannot be of that cluster. */
    static Optional<StartRefusedException> clusterConflict(
            String clusterId, Path path, DirectoryIdentity side) {
        return side.clusterId().equals(clusterId)
                ? Optional.empty()
                : Optional.of(
                        StartRefusedException.failed(
                                "CLUSTER_MISMATCH",
                                "the disk "
                                        + path
                                        + " is of cluster "
                                        + side.clusterId()
                                        + ", this node is of cluster "
                                        + clusterId,
                                "take it out of data.dirs, or empty it if its data is not needed"));
    }

    private static StartRefusedException emptied(UUID id, Path path) {
        return StartRefusedException.failed(
                "DATA_DIRECTORY_LOST",
                "the data directory " + path + " had data (id " + id + ") and is empty now",
                "mount its disk; if the data is gone for good, start once without it in data.dirs");
    }

    /** Ids and paths of all directories, once {@code fresh} ones have an id. */
    static Map<UUID, Path> all(Found.Known first, Plan plan, Map<Path, DirectoryIdentity> begun) {
        Map<UUID, Path> all = new HashMap<>(plan.offlineIds());
        all.put(first.identity().directoryId(), first.path());
        plan.identities().forEach((path, identity) -> all.put(identity.directoryId(), path));
        begun.forEach((path, identity) -> all.put(identity.directoryId(), path));
        Set<Path> paths = new HashSet<>(all.values());
        return paths.size() > 1 || !first.identity().directories().isEmpty() ? all : Map.of();
    }
}
