package io.kq.metadata.decision;

import io.kq.metadata.decision.MetadataOperation.WriteCoordinators;
import io.kq.metadata.decision.MetadataOperation.WriteVoters;
import io.kq.metadata.image.CoordinationImage.Coordinator;
import io.kq.metadata.image.MetadataImage;
import io.kq.metadata.record.FeatureLevel;
import io.kq.metadata.record.MetadataRecord;
import io.kq.metadata.record.MetadataRecord.ClusterCreated;
import io.kq.metadata.record.MetadataRecord.CoordinationFounded;
import io.kq.metadata.record.MetadataRecord.CoordinatorChanged;
import io.kq.metadata.record.MetadataRecord.FeatureLevelChanged;
import io.kq.metadata.record.MetadataRecord.NoOp;
import io.kq.metadata.record.MetadataRecord.RequestsExpired;
import io.kq.metadata.record.MetadataRecord.VotersChanged;
import io.kq.metadata.record.VoterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The cluster's birth and its housekeeping. Pure. */
public final class ClusterDecisions {

    private ClusterDecisions() {}

    /** The first records of a cluster. */
    public static Decision<Boolean> create(
            String clusterId, int coordinationShardCount, MetadataImage image, Turn turn) {
        if (!image.cluster().id().isEmpty()) {
            return Decision.nothing(false);
        }
        return Decision.of(
                List.of(
                        new ClusterCreated(clusterId, turn.nowMillis(), coordinationShardCount, 0),
                        new FeatureLevelChanged(
                                FeatureLevel.METADATA, FeatureLevel.METADATA_LATEST)),
                true);
    }

    /** The voters that Raft has committed, unless that is what stands there. */
    public static Decision<Long> writeVoters(WriteVoters operation, MetadataImage image) {
        VoterSet known = image.voters();
        VoterSet next = new VoterSet(known.version() + 1, operation.voters());
        if (next.voters().equals(known.voters())) {
            return Decision.nothing(known.version());
        }
        List<MetadataRecord> records = new ArrayList<>(List.of(new VotersChanged(next)));
        if (image.coordination().founders().isEmpty()) {
            records.add(new CoordinationFounded(next.voters()));
        }
        return Decision.of(records, next.version());
    }

    /** Who leads the shards, as far as that is news. */
    public static Decision<Boolean> writeCoordinators(
            WriteCoordinators operation, MetadataImage image) {
        List<MetadataRecord> records = new ArrayList<>();
        operation
                .coordinators()
                .forEach(
                        (shard, seen) -> {
                            long known =
                                    image.coordination()
                                            .coordinator(shard)
                                            .map(Coordinator::term)
                                            .orElse(-1L);
                            if (seen.term() > known) {
                                records.add(
                                        new CoordinatorChanged(shard, seen.nodeId(), seen.term()));
                            }
                        });
        return records.isEmpty() ? Decision.nothing(false) : Decision.of(records, true);
    }

    public static Decision<Boolean> noOp() {
        return Decision.of(List.of(new NoOp()), true);
    }

    public static Decision<Boolean> expireRequests(List<UUID> requestIds) {
        return requestIds.isEmpty()
                ? Decision.nothing(false)
                : Decision.of(List.of(new RequestsExpired(requestIds)), true);
    }
}
