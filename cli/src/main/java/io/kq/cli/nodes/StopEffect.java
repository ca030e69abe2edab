package io.kq.cli.nodes;

import io.kq.client.admin.ClusterDescription.Quorum;
import io.kq.client.admin.TopicDescription;
import io.kq.client.admin.TopicDescription.PartitionDescription;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What partitions on a node come to if it stops now.
 *
 * @param arriving replicas that a reassignment brings to it
 * @param leaving replicas that one takes from it
 * @param offline partitions that nobody could lead then
 * @param readOnly partitions that could be read, and not written with acks=all
 * @param metadata whether a majority of the metadata's voters would be up: else nothing could be
 *     changed, and no leader be elected
 */
record StopEffect(int arriving, int leaving, int offline, int readOnly, boolean metadata) {

    static StopEffect of(int node, Quorum quorum, Collection<TopicDescription> topics) {
        int arriving = 0;
        int leaving = 0;
        int offline = 0;
        int readOnly = 0;
        for (TopicDescription topic : topics) {
            for (PartitionDescription partition : topic.partitions()) {
                arriving += partition.adding().contains(node) ? 1 : 0;
                leaving += partition.removing().contains(node) ? 1 : 0;
                if (!partition.isr().contains(node) && !partition.elr().contains(node)) {
                    continue;
                }
                List<Integer> inSync = partition.isr().stream().filter(i -> i != node).toList();
                boolean led =
                        Stream.concat(inSync.stream(), partition.elr().stream())
                                .anyMatch(id -> id != node && !partition.offline().contains(id));
                offline += led ? 0 : 1;
                readOnly += led && inSync.size() < topic.minInsyncReplicas(partition) ? 1 : 0;
            }
        }
        long votes = quorum.voters().stream().filter(v -> v.up() && v.id() != node).count();
        boolean majority = votes > quorum.voters().size() / 2;
        return new StopEffect(arriving, leaving, offline, readOnly, majority);
    }
}
