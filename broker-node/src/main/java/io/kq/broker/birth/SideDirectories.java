package io.kq.broker.birth;

import io.kq.broker.birth.SideDirectoryPolicy.Found;
import io.kq.broker.birth.SideDirectoryPolicy.Plan;
import io.kq.broker.config.StartRefusedException;
import io.kq.runtime.RandomSource;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directories of a node besides the first: checked before the node knows its cluster,
 * written once it does. Blocking; one thread, with all directories locked.
 */
public final class SideDirectories {

    private static final Logger log = LoggerFactory.getLogger(SideDirectories.class);

    private final Path first;
    private final Plan plan;

    private SideDirectories(Path first, Plan plan) {
        this.first = first;
        this.plan = plan;
    }

    /**
     * What became of all directories.
     *
     * @param identity of the first one
     * @param usableIds of those that can be used, the first one's first
     * @param offline directories that cannot be used, and why
     * @param complete nothing that the node had before is missing
     */
    public record Settled(
            DirectoryIdentity identity,
            List<UUID> usableIds,
            Map<Path, String> offline,
            boolean complete) {
        public Settled {
            usableIds = List.copyOf(usableIds);
            offline = Map.copyOf(offline);
        }
    }

    /**
     * Looks at them.
     *
     * @param first path of the first directory
     * @param identity the first one's
     * @param sides the others
     * @param unusable those of them that could not be locked, and why
     * @throws StartRefusedException one of them is not this node's, or a person has to look at it
     */
    public static SideDirectories check(
            Path first,
            DirectoryIdentity identity,
            boolean isVoter,
            List<Path> sides,
            Map<Path, String> unusable) {
        List<Found> found = new ArrayList<>();
        for (Path side : sides) {
            String reason = unusable.get(side);
            found.add(
                    reason == null
                            ? look(side, identity.nodeId())
                            : new Found.Unusable(side, reason));
        }
        return new SideDirectories(
                first, SideDirectoryPolicy.plan(new Found.Known(first, identity), isVoter, found));
    }

    private static Found look(Path side, int nodeId) {
        try {
            return new IdentityFile(side)
                    .find(nodeId)
                    .<Found>map(identity -> new Found.Known(side, identity))
                    .orElse(new Found.Empty(side));
        } catch (UncheckedIOException e) {
            return new Found.Unusable(side, String.valueOf(e.getCause()));
        }
    }

    /**
     * Writes down in each what belongs together. The ones that are begun come first: a crash in
     * between leaves a directory that nobody knows yet, and not an empty one that somebody misses.
     *
     * @param identity the first one's, with its cluster
     */
    public Settled settle(DirectoryIdentity identity, RandomSource random) {
        Map<Path, String> offline = new HashMap<>(plan.offline());
        Map<Path, DirectoryIdentity> begun = begin(identity, random, offline);
        plan.identities()
                .forEach(
                        (path, side) ->
                                SideDirectoryPolicy.clusterConflict(
                                                identity.clusterId(), path, side)
                                        .ifPresent(
                                                conflict -> {
                                                    throw conflict;
                                                }));
        Map<UUID, Path> all =
                SideDirectoryPolicy.all(new Found.Known(first, identity), plan, begun);
        Map<Path, DirectoryIdentity> usable = new HashMap<>(plan.identities());
        usable.putAll(begun);
        List<UUID> ids = new ArrayList<>(List.of(identity.directoryId()));
        usable.forEach(
                (path, side) -> {
                    if (write(path, side, side.withDirectories(all), offline)) {
                        ids.add(side.directoryId());
                    }
                });
        DirectoryIdentity settled = identity.withDirectories(all);
        if (!settled.equals(identity)) {
            new IdentityFile(first).write(settled);
        }
        tell(offline);
        return new Settled(settled, ids, offline, offline.isEmpty() && plan.lost().isEmpty());
    }

    private Map<Path, DirectoryIdentity> begin(
            DirectoryIdentity identity, RandomSource random, Map<Path, String> offline) {
        Map<Path, DirectoryIdentity> begun = new HashMap<>();
        for (Path path : plan.fresh()) {
            DirectoryIdentity fresh =
                    DirectoryIdentity.fresh(identity.nodeId(), random.nextUuid())
                            .in(identity.clusterId(), List.of(), 0);
            if (write(path, null, fresh, offline)) {
                begun.put(path, fresh);
                log.info("Began data directory directory={} id={}", path, fresh.directoryId());
            }
        }
        return begun;
    }

    private static boolean write(
            Path path,
            @Nullable DirectoryIdentity before,
            DirectoryIdentity now,
            Map<Path, String> offline) {
        if (now.equals(before)) {
            return true;
        }
        try {
            new IdentityFile(path).write(now);
            return true;
        } catch (UncheckedIOException e) {
            offline.put(path, String.valueOf(e.getCause()));
            return false;
        }
    }

    private void tell(Map<Path, String> offline) {
        for (UUID id : new TreeSet<>(plan.lost().keySet())) {
            log.warn(
                    "A data directory of this node is not in data.dirs any more, what was in it"
                            + " counts as lost directory={} id={}",
                    plan.lost().get(id),
                    id);
        }
        offline.forEach(
                (path, reason) -> log.warn("Cannot use data directory={} reason={}", path, reason));
    }
}
