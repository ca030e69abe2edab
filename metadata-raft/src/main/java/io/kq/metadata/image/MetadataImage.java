package io.kq.metadata.image;

import io.kq.metadata.record.VoterSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;

/**
 * The whole agreed state after one applied batch. Equal on every node at the same index. Maps are
 * persistent: the next image shares what did not change.
 *
 * @param index index of the last applied entry; grows
 * @param term term of that entry
 * @param brokers by id
 * @param topics by name
 * @param topicNames name by topic id
 * @param nextProducerId all smaller ids were given away
 * @param voters of the quorum that agrees on all this
 * @param coordination shards of consumer groups
 * @param requests results of recent mutating requests by request id, for repeated ones
 */
public record MetadataImage(
        long index,
        long term,
        ClusterInfo cluster,
        PSortedMap<Integer, BrokerImage> brokers,
        PSortedMap<String, TopicImage> topics,
        PMap<UUID, String> topicNames,
        long nextProducerId,
        VoterSet voters,
        CoordinationImage coordination,
        PSortedMap<UUID, RequestResult> requests) {

    /** Before the first record. */
    public static final MetadataImage EMPTY =
            new MetadataImage(
                    -1,
                    0,
                    new ClusterInfo("", 0, 0, TreePMap.empty(), 0),
                    TreePMap.empty(),
                    TreePMap.empty(),
                    HashTreePMap.empty(),
                    0,
                    VoterSet.EMPTY,
                    CoordinationImage.EMPTY,
                    TreePMap.empty());

    /** The same state at another place of the log. */
    public MetadataImage at(long otherIndex, long otherTerm) {
        return new MetadataImage(
                otherIndex,
                otherTerm,
                cluster,
                brokers,
                topics,
                topicNames,
                nextProducerId,
                voters,
                coordination,
                requests);
    }

    public Optional<TopicImage> topic(String name) {
        return Optional.ofNullable(topics.get(name));
    }

    public Optional<TopicImage> topic(UUID id) {
        String name = topicNames.get(id);
        return name == null ? Optional.empty() : topic(name);
    }

    public Optional<BrokerImage> broker(int id) {
        return Optional.ofNullable(brokers.get(id));
    }

    /** All brokers that ever registered and were not unregistered, by id. */
    public Collection<BrokerImage> allBrokers() {
        return brokers.values();
    }

    /** Whether the broker is registered and has a session. */
    public boolean isUp(int brokerId) {
        BrokerImage broker = brokers.get(brokerId);
        return broker != null && !broker.fenced();
    }

    /** Whether the broker is up and stays: it may be given leaderships and may join ISRs. */
    public boolean isActive(int brokerId) {
        BrokerImage broker = brokers.get(brokerId);
        return broker != null && !broker.fenced() && !broker.shuttingDown();
    }

    /**
     * What is fixed at birth, and the feature levels.
     *
     * @param id empty before the first record
     * @param lastBatchSequence sequence of the last batch that was not ignored
     */
    public record ClusterInfo(
            String id,
            long createdAtMillis,
            int coordinationShardCount,
            PSortedMap<String, Integer> featureLevels,
            long lastBatchSequence) {}

    /**
     * What a mutating request was answered, kept for its repetition. The bytes are never changed.
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record RequestResult(byte[] result, long atMillis) {
        @Override
        public boolean equals(Object other) {
            return other instanceof RequestResult that
                    && atMillis == that.atMillis
                    && Arrays.equals(result, that.result);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(result) + Long.hashCode(atMillis);
        }
    }
}
