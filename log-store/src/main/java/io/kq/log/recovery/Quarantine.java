package io.kq.log.recovery;

import io.kq.log.io.LogFiles;
import io.kq.protocol.RejectedException;
import io.kq.protocol.TopicIdPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replicas of a data directory whose data were found damaged. Entered for good: a start reads
 * the {@link QuarantineFile}. Any thread, blocking.
 */
public final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private final LogFiles files;

    /** By partition, what was found first. */
    private final Map<TopicIdPartition, Damage> inside = new ConcurrentHashMap<>();

    public Quarantine(LogFiles files) {
        this.files = files;
    }

    /** Looks whether an earlier process put the partition into quarantine. */
    public void recall(TopicIdPartition partition, Path directory) {
        new QuarantineFile(directory).read().ifPresent(damage -> inside.put(partition, damage));
    }

    /**
     * Puts a partition into quarantine.
     *
     * @param directory the partition's
     * @return what to answer those who want to read or write it
     */
    public RejectedException enter(TopicIdPartition partition, Path directory, Damage damage) {
        Damage first = inside.putIfAbsent(partition, damage);
        if (first != null) {
            return first.refusal();
        }
        LOG.error(
                "Quarantined a replica partition={} file={} position={} problem=\"{}\"",
                partition,
                damage.file(),
                damage.position(),
                damage.problem());
        try {
            new QuarantineFile(directory).write(files, damage);
        } catch (IOException e) {
            LOG.error(
                    "Cannot write down the quarantine, a restart forgets it until the damage is"
                            + " met again partition={}",
                    partition,
                    e);
        }
        return damage.refusal();
    }

    /** The damage of a partition; empty if it is not in quarantine. */
    public Optional<Damage> find(TopicIdPartition partition) {
        return Optional.ofNullable(inside.get(partition));
    }

    /** The partition is gone. */
    public void leave(TopicIdPartition partition) {
        inside.remove(partition);
    }

    /** How many partitions are inside. */
    public int size() {
        return inside.size();
    }
}
