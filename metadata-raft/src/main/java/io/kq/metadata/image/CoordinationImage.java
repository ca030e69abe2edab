package io.kq.metadata.image;

import io.kq.metadata.record.VoterSet.Voter;
import java.util.List;
import java.util.Optional;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * The coordination shards as all nodes know them: who may begin them, and who leads each.
 *
 * @param founders the only ones that may begin a shard's log with a list of its voters: whoever
 *     comes later is taken in by those. Empty: not written yet
 * @param coordinators by shard; what is not in it has had none yet
 */
public record CoordinationImage(
        List<Voter> founders, PSortedMap<Integer, Coordinator> coordinators) {

    /** Before the first voters were written down. */
    public static final CoordinationImage EMPTY =
            new CoordinationImage(List.of(), TreePMap.empty());

    public CoordinationImage {
        founders = List.copyOf(founders);
    }

    /**
     * Who leads a shard.
     *
     * @param term of the shard's own log; grows
     */
    public record Coordinator(int nodeId, long term) {}

    /** Who leads {@code shard}, as far as the metadata knows. */
    public Optional<Coordinator> coordinator(int shard) {
        return Optional.ofNullable(coordinators.get(shard));
    }
}
