package io.kq.metadata.record;

import io.kq.metadata.record.MetadataRecord.BrokerFenced;
import io.kq.metadata.record.MetadataRecord.BrokerRegistered;
import io.kq.metadata.record.MetadataRecord.BrokerResumed;
import io.kq.metadata.record.MetadataRecord.BrokerShuttingDown;
import io.kq.metadata.record.MetadataRecord.BrokerUnfenced;
import io.kq.metadata.record.MetadataRecord.BrokerUnregistered;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.CoordinationFounded;
import io.kq.metadata.record.MetadataRecord.CoordinatorChanged;
import io.kq.metadata.record.MetadataRecord.Endpoint;
import io.kq.metadata.record.MetadataRecord.FeatureLevelChanged;
import io.kq.metadata.record.MetadataRecord.NoOp;
import io.kq.metadata.record.MetadataRecord.PartitionChanged;
import io.kq.metadata.record.MetadataRecord.PartitionsAdded;
import io.kq.metadata.record.MetadataRecord.ProducerIdsAllocated;
import io.kq.metadata.record.MetadataRecord.RequestAnswered;
import io.kq.metadata.record.MetadataRecord.RequestsExpired;
import io.kq.metadata.record.MetadataRecord.TopicConfigChanged;
import io.kq.metadata.record.MetadataRecord.TopicCreated;
import io.kq.metadata.record.MetadataRecord.TopicDeleted;
import io.kq.metadata.record.MetadataRecord.VotersChanged;
import java.util.List;

/**
 * How many bytes records take in the log, at most: known before they are encoded, so that no entry
 * grows beyond what the log takes (an oversized one makes the Raft leader step down).
 */
public final class RecordSize {

    /** Tags and lengths around a record. */
    private static final int FRAME = 16;

    private static final int NUMBER = 11;
    private static final int SMALL_NUMBER = 6;
    private static final int ID = 18;

    private RecordSize() {}

    /** An upper bound of the encoded size of all of them. */
    public static int boundBytes(List<MetadataRecord> records) {
        int bytes = 0;
        for (MetadataRecord record : records) {
            bytes += FRAME + record.accept(Bound.INSTANCE);
        }
        return bytes;
    }

    /** A char is at most three bytes of UTF-8. */
    private static int text(String text) {
        return SMALL_NUMBER + 3 * text.length();
    }

    /** An empty list is not written at all. */
    private static int members(List<Integer> brokers) {
        return brokers.isEmpty() ? 0 : SMALL_NUMBER + 5 * brokers.size();
    }

    private static int partition(PartitionState state) {
        // A leader of -1 takes ten bytes.
        return SMALL_NUMBER
                + members(state.replicas())
                + members(state.isr())
                + members(state.elr())
                + members(state.adding())
                + members(state.removing())
                + members(state.unclean())
                + NUMBER
                + 3 * SMALL_NUMBER;
    }

    private static int partitions(List<PartitionState> states) {
        int bytes = 0;
        for (PartitionState state : states) {
            bytes += partition(state);
        }
        return bytes;
    }

    private enum Bound implements MetadataRecord.Visitor<Integer> {
        INSTANCE;

        @Override
        public Integer onFeatureLevelChanged(FeatureLevelChanged record) {
            return text(record.feature()) + SMALL_NUMBER;
        }

        @Override
        public Integer onClusterCreated(ClusterCreated record) {
            return text(record.clusterId()) + 3 * NUMBER;
        }

        @Override
        public Integer onBrokerRegistered(BrokerRegistered record) {
            int bytes = 5 * NUMBER + ID * (1 + record.directoryIds().size());
            bytes += text(record.rack()) + text(record.version());
            for (Endpoint endpoint : record.endpoints()) {
                bytes += FRAME + text(endpoint.listener()) + text(endpoint.host());
                bytes += text(endpoint.protocol()) + NUMBER;
            }
            return bytes;
        }

        @Override
        public Integer onBrokerFenced(BrokerFenced record) {
            return 3 * NUMBER;
        }

        @Override
        public Integer onBrokerUnfenced(BrokerUnfenced record) {
            return 3 * NUMBER;
        }

        @Override
        public Integer onBrokerShuttingDown(BrokerShuttingDown record) {
            return 3 * NUMBER;
        }

        @Override
        public Integer onBrokerResumed(BrokerResumed record) {
            return 3 * NUMBER;
        }

        @Override
        public Integer onBrokerUnregistered(BrokerUnregistered record) {
            return 2 * NUMBER;
        }

        @Override
        public Integer onTopicCreated(TopicCreated record) {
            int bytes = ID + text(record.name()) + 2 * NUMBER + partitions(record.partitions());
            for (var config : record.configs().entrySet()) {
                bytes += FRAME + text(config.getKey()) + text(config.getValue());
            }
            return bytes;
        }

        @Override
        public Integer onPartitionChanged(PartitionChanged record) {
            return ID + SMALL_NUMBER + partition(record.state());
        }

        @Override
        public Integer onPartitionsAdded(PartitionsAdded record) {
            return ID + SMALL_NUMBER + partitions(record.partitions());
        }

        @Override
        public Integer onTopicDeleted(TopicDeleted record) {
            return ID;
        }

        @Override
        public Integer onTopicConfigChanged(TopicConfigChanged record) {
            return ID + text(record.key()) + record.value().map(RecordSize::text).orElse(0);
        }

        @Override
        public Integer onProducerIdsAllocated(ProducerIdsAllocated record) {
            return 3 * NUMBER;
        }

        @Override
        public Integer onRequestAnswered(RequestAnswered record) {
            return ID + SMALL_NUMBER + record.result().length + NUMBER;
        }

        @Override
        public Integer onRequestsExpired(RequestsExpired record) {
            return ID * record.requestIds().size();
        }

        @Override
        public Integer onVotersChanged(VotersChanged record) {
            return NUMBER + voters(record.voters().voters());
        }

        private static int voters(List<VoterSet.Voter> voters) {
            int bytes = 0;
            for (VoterSet.Voter voter : voters) {
                bytes += FRAME + NUMBER + ID + text(voter.host()) + NUMBER;
            }
            return bytes;
        }

        @Override
        public Integer onCoordinationFounded(CoordinationFounded record) {
            return voters(record.founders());
        }

        @Override
        public Integer onCoordinatorChanged(CoordinatorChanged record) {
            return SMALL_NUMBER + SMALL_NUMBER + NUMBER;
        }

        @Override
        public Integer onNoOp(NoOp record) {
            return SMALL_NUMBER;
        }
    }
}
