package io.kq.broker.admin;

import io.kq.metadata.image.MetadataDelta;
import io.kq.metadata.image.PartitionImage;
import io.kq.metadata.image.TopicImage;
import java.util.List;

/**
 * What a change of the metadata means for the partitions that one node leads. Pure.
 *
 * @param elections partitions that the node leads in a new leader epoch
 * @param uncleanElections those of them whose leader may lack committed records
 * @param isrShrinks replicas that left the in-sync set of a partition that the node led and leads
 * @param isrExpands replicas that joined it
 */
record LeadershipChanges(int elections, int uncleanElections, int isrShrinks, int isrExpands) {

    static final LeadershipChanges NONE = new LeadershipChanges(0, 0, 0, 0);

    /** The first delta of a node that starts tells of the past: nothing counts. */
    static LeadershipChanges of(MetadataDelta delta, int nodeId) {
        LeadershipChanges sum = NONE;
        if (delta.before().index() < 0) {
            return sum;
        }
        for (String name : delta.changedTopics()) {
            TopicImage now = delta.after().topics().get(name);
            TopicImage before = delta.before().topics().get(name);
            if (now == null) {
                continue;
            }
            List<PartitionImage> old =
                    before != null && before.id().equals(now.id())
                            ? before.partitions()
                            : List.of();
            for (int i = 0; i < now.partitions().size(); i++) {
                PartitionImage partition = now.partitions().get(i);
                if (partition.leader() == nodeId) {
                    sum =
                            sum.plus(
                                    i < old.size()
                                            ? between(old.get(i), partition)
                                            : elected(partition));
                }
            }
        }
        return sum;
    }

    private static LeadershipChanges between(PartitionImage before, PartitionImage now) {
        if (now.leader() != before.leader()) {
            return elected(now);
        }
        int left = (int) before.isr().stream().filter(id -> !now.isr().contains(id)).count();
        int joined = (int) now.isr().stream().filter(id -> !before.isr().contains(id)).count();
        return new LeadershipChanges(0, 0, left, joined);
    }

    private static LeadershipChanges elected(PartitionImage partition) {
        boolean unclean =
                partition.uncleanElectionEpoch() > 0
                        && partition.uncleanElectionEpoch() == partition.leaderEpoch();
        return new LeadershipChanges(1, unclean ? 1 : 0, 0, 0);
    }

    private LeadershipChanges plus(LeadershipChanges other) {
        return new LeadershipChanges(
                elections + other.elections,
                uncleanElections + other.uncleanElections,
                isrShrinks + other.isrShrinks,
                isrExpands + other.isrExpands);
    }
}
